/** What people, reviewers and machines in the demo write: voice names, reasons, file problems. All made up. */
import type { FileError } from './job.ts';

/** Voices of the jobs that come after the first two. */
export const VOICE_NAMES: readonly string[] = [
  'audiobook-lena',
  '直播-阿澈',
  'newsroom-04',
  '儿童故事-小满',
  'course-mateo',
  '新闻-林晚',
  'podcast-ines',
  '导航-小北',
  'museum-guide-07',
  '电商-苏苏',
  'helpdesk-noor',
  '有声书-老陈',
  'trailer-grigor',
  '课堂-周老师',
  'weather-mila',
  '客服-云岚',
];

/** Why a person rejects a recording. */
export const PERSON_REASONS: readonly string[] = [
  'The authorization letter is not signed by the speaker.\nPlease sign page 2 and upload the scan again.',
  '录音中有明显的背景音乐和键盘声（第 12、18、31 句）。\n请在安静的环境中重新录制这几句后再提交。',
  'Sentences 7 and 23 do not match their text:\n7: "fifteen" was read as "fifty"\n23: the second half is missing\nPlease record both again.',
  '授权书上的姓名与实名认证信息不一致，请核对后重新上传。',
  'Two different speakers can be heard from 03:10 on. Only the voice of the person who signed may be used.',
  '第 5 至 9 句音量忽大忽小，且结尾有截断：\n- 第 6 句缺少最后两个字\n- 第 9 句有爆音\n请调整麦克风距离后补录。',
  'The recording has a strong room echo. Please record closer to the microphone, in a furnished room.',
  '普通话朗读文本中混入了方言发音（第 14、15 句），请按文本重新朗读。',
];

/** What the machine finds in single files. The codes are made up. */
export const MACHINE_FINDINGS: readonly (readonly FileError[])[] = [
  [
    { audio_name: '3.wav', text_name: '3.txt', error_code: 'MSS.60010012', error_message: 'The audio does not match the text.' },
    { audio_name: '11.wav', text_name: '11.txt', error_code: 'MSS.60010015', error_message: 'The audio is too short: 0.8 s, at least 2 s are needed.' },
    { audio_name: '27.wav', text_name: '27.txt', error_code: 'MSS.60010018', error_message: 'The signal-to-noise ratio is 14 dB, at least 20 dB are needed.' },
  ],
  [
    { audio_name: '录音_008.wav', text_name: '录音_008.txt', error_code: 'MSS.60010012', error_message: '音频与文本不一致' },
    { audio_name: '录音_019.wav', text_name: '录音_019.txt', error_code: 'MSS.60010018', error_message: '信噪比过低，请重新录制' },
  ],
  [
    {
      audio_name: 'take-42.wav',
      text_name: 'take-42.txt',
      error_code: 'MSS.60010021',
      error_message: 'The sampling rate is 16 kHz, at least 24 kHz are needed.',
    },
  ],
];

export const TRAINING_FAILURES: readonly { readonly code: string; readonly reason: string }[] = [
  { code: 'MSS.60020007', reason: 'Alignment failed: the loss did not converge after 3 attempts.' },
  { code: 'MSS.60020011', reason: '训练失败：有效语音时长不足（可用 11 分钟，至少需要 20 分钟）' },
  { code: 'MSS.60020009', reason: 'Too few usable sentences were left after noise filtering: 43 of 100.' },
];

export const ATTACHMENTS: readonly string[] = ['review-notes.txt', '审核意见.txt', ''];
