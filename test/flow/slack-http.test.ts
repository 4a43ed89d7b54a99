import { overHttp } from '../support/slack-http.ts';
import { describeSlack } from './slack-suite.ts';

describeSlack('HTTP', overHttp);
