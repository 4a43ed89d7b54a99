/** The chat platforms: what belongs together, what a role needs, and what a local trial may not stand beside. */
import { type Draft, reportMissing } from './read.ts';
import { isLoopback } from './values.ts';
import type { VariableName } from './variables.ts';

export type SlackConfig = {
  readonly botToken: string;
  /** One of the two is there in a process with the role web; with the app token, Socket Mode is used. */
  readonly signingSecret: string | null;
  readonly appToken: string | null;
  readonly apiUrl: string;
  readonly command: string;
};

export type TeamsConfig = {
  /** True: a local trial without credentials; the ids are ''. */
  readonly allowUnauthenticated: boolean;
  readonly appId: string;
  /** null with UserAssignedMSI. */
  readonly appPassword: string | null;
  readonly tenantId: string;
  readonly appType: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';
  readonly allowedTenants: readonly string[];
  /** null = Microsoft's own. */
  readonly openIdMetadataUrl: string | null;
};

/** Slack, or null when it is not configured. */
export function slackOf(draft: Draft): SlackConfig | null {
  const { values, given, report } = draft;
  const receives = given('SLACK_SIGNING_SECRET') || given('SLACK_APP_TOKEN');
  if (given('SLACK_BOT_TOKEN') && !receives && values.ROLES.has('web')) {
    report(['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN'], 'beside SLACK_BOT_TOKEN, the first for HTTP, the second for Socket Mode');
  }
  if (receives && !given('SLACK_BOT_TOKEN')) report('SLACK_BOT_TOKEN', 'the bot token of the Slack app');
  if (values.SLACK_BOT_TOKEN === null) return null;
  return {
    botToken: values.SLACK_BOT_TOKEN,
    signingSecret: values.SLACK_SIGNING_SECRET,
    appToken: values.SLACK_APP_TOKEN,
    apiUrl: values.SLACK_API_URL,
    command: values.SLACK_COMMAND,
  };
}

/** Teams, or null when it is not configured. */
export function teamsOf(draft: Draft): TeamsConfig | null {
  const { values, given, report } = draft;
  const managed = values.TEAMS_APP_TYPE === 'UserAssignedMSI';
  const parts: readonly VariableName[] = managed ? ['TEAMS_APP_ID', 'TEAMS_TENANT_ID'] : ['TEAMS_APP_ID', 'TEAMS_APP_PASSWORD', 'TEAMS_TENANT_ID'];
  if (managed && given('TEAMS_APP_PASSWORD')) report('TEAMS_APP_PASSWORD', 'nothing, because a UserAssignedMSI has no password', 'a value that is not shown');
  if (realTeams(draft)) reportMissing(draft, parts);
  const shared = { appType: values.TEAMS_APP_TYPE, openIdMetadataUrl: values.TEAMS_OPENID_METADATA_URL };
  if (values.TEAMS_ALLOW_UNAUTHENTICATED) {
    return { ...shared, allowUnauthenticated: true, appId: '', appPassword: null, tenantId: '', allowedTenants: values.TEAMS_ALLOWED_TENANTS ?? [] };
  }
  const { TEAMS_APP_ID: appId, TEAMS_TENANT_ID: tenantId, TEAMS_APP_PASSWORD: appPassword } = values;
  if (appId === null || tenantId === null) return null;
  return { ...shared, allowUnauthenticated: false, appId, appPassword, tenantId, allowedTenants: values.TEAMS_ALLOWED_TENANTS ?? [tenantId] };
}

const realSlack = ({ given }: Draft) => given('SLACK_BOT_TOKEN') || given('SLACK_SIGNING_SECRET') || given('SLACK_APP_TOKEN');
const realTeams = ({ given }: Draft) => given('TEAMS_APP_ID') || given('TEAMS_APP_PASSWORD') || given('TEAMS_TENANT_ID');

/** Roles web and deliver talk to people, so somebody must be there to talk to. */
export function checkChats(draft: Draft): void {
  const { values, report } = draft;
  const speaks = values.ROLES.has('web') || values.ROLES.has('deliver');
  if (!draft.strict || !speaks || realSlack(draft) || realTeams(draft) || values.PLAYGROUND || values.TEAMS_ALLOW_UNAUTHENTICATED) return;
  const slack = values.ROLES.has('web') ? ['SLACK_BOT_TOKEN + SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN + SLACK_APP_TOKEN'] : ['SLACK_BOT_TOKEN'];
  report([...slack, 'TEAMS_APP_ID + TEAMS_APP_PASSWORD + TEAMS_TENANT_ID', 'PLAYGROUND=1'], 'for a chat to talk in');
}

/** A local trial has no credentials to protect it: nobody but this machine may reach it, and nothing real may hang on it. */
export function checkTrial(draft: Draft): void {
  const { values, report } = draft;
  for (const name of ['PLAYGROUND', 'TEAMS_ALLOW_UNAUTHENTICATED'] as const) {
    if (!values[name]) continue;
    if (!isLoopback(values.HOST)) report(name, 'HOST to be this machine only, as 127.0.0.1, for a trial', `HOST ${JSON.stringify(values.HOST)}`);
    if (realSlack(draft) || realTeams(draft)) report(name, 'no Slack or Teams credentials beside a trial', 'both');
  }
}
