/** Who may call the simulator: signed requests, tokens of its IAM, the lock that too many wrong signatures turn, and the ceiling of requests. */
import { createHash } from 'node:crypto';
import { type Answer, type Arrival, gatewayError, iamError, serviceError } from './answer.ts';
import { verifySignature } from './signature.ts';

/** More failures in a row than this lock a key (gateway FAQ, ocr_01_0063). */
const FAILURES_BEFORE_LOCK = 5;
/** A key that never existed locks as well; so many are remembered. */
const REMEMBERED_KEYS = 100;

export type IamUser = { readonly user: string; readonly password: string; readonly domain: string };

export type AccessRules = {
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** '' = permanent credentials; otherwise X-Security-Token must say this. */
  readonly securityToken: string;
  readonly iam: IamUser | null;
  readonly lockMs: number;
  readonly tokenLifeMs: number;
};

type Failures = { count: number; lockedUntil: number };

export type Access = ReturnType<typeof openAccess>;

/** `now` gives ms since 1970. */
export function openAccess(rules: AccessRules, now: () => number) {
  const failures = new Map<string, Failures>();
  const tokens = new Map<string, { readonly projectId: string; readonly expiresAt: number }>();
  let served: number[] = [];

  /** The project that the caller's credentials belong to, or the refusal. */
  function authenticate(arrival: Arrival): { readonly projectId: string } | Answer {
    const token = arrival.headers['x-auth-token'];
    return token === undefined ? authenticateSigned(arrival) : authenticateToken(arrival, String(token));
  }

  function authenticateSigned(arrival: Arrival): { readonly projectId: string } | Answer {
    const verdict = verifySignature(arrival, (accessKey) => (accessKey === rules.accessKey ? rules.secretKey : null), now());
    const past = failures.get(verdict.accessKey) ?? { count: 0, lockedUntil: 0 };
    if (past.lockedUntil > now()) return refused(arrival, 'Incorrect IAM authentication information: ak is locked');
    if (verdict.kind === 'invalid') {
      const count = past.lockedUntil > 0 ? 1 : past.count + 1;
      remember(verdict.accessKey, { count, lockedUntil: count > FAILURES_BEFORE_LOCK ? now() + rules.lockMs : 0 });
      return refused(arrival, verdict.words);
    }
    failures.delete(verdict.accessKey);
    if (rules.securityToken !== '' && arrival.headers['x-security-token'] !== rules.securityToken)
      return refused(arrival, 'Incorrect IAM authentication information: security token');
    // Mandatory with AK/SK on the pages that list headers; what its absence really gives is not documented.
    const projectId = arrival.headers['x-project-id'];
    return projectId === undefined ? refused(arrival, 'Incorrect IAM authentication information: X-Project-Id is missing') : knownProject(String(projectId));
  }

  function authenticateToken(arrival: Arrival, token: string): { readonly projectId: string } | Answer {
    const known = tokens.get(token);
    if (!known) return refused(arrival, 'Incorrect IAM authentication information: decrypt token fail');
    if (known.expiresAt <= now()) return refused(arrival, 'The token must be updated');
    const projectId = arrival.headers['x-project-id'];
    return projectId !== undefined && projectId !== known.projectId ? wrongProject() : { projectId: known.projectId };
  }

  function knownProject(projectId: string): { readonly projectId: string } | Answer {
    return projectId === rules.projectId ? { projectId } : wrongProject();
  }

  function remember(accessKey: string, state: Failures): void {
    const oldest = failures.keys().next();
    if (failures.size >= REMEMBERED_KEYS && !oldest.done) failures.delete(oldest.value);
    failures.set(accessKey, state);
  }

  /** POST /v3/auth/tokens: a token for the project, or the refusal. Source: api-iam/iam_30_0001. */
  function issueToken(arrival: Arrival): Answer {
    const request = readTokenRequest(arrival.body);
    if (!request) return iamError(400, 'Bad Request', 'Request body is invalid.');
    const { iam } = rules;
    if (!iam || request.user !== iam.user || request.password !== iam.password || request.domain !== iam.domain) {
      return iamError(401, 'Unauthorized', 'The username or password is wrong.');
    }
    const expiresAt = now() + rules.tokenLifeMs;
    const token = createHash('sha256').update(`${arrival.requestId}${rules.secretKey}`).digest('base64url');
    const projectId = request.projectId ?? rules.projectId;
    tokens.set(token, { projectId, expiresAt });
    const body = {
      token: {
        expires_at: keystoneTime(expiresAt),
        issued_at: keystoneTime(now()),
        methods: ['password'],
        project: { id: projectId },
        user: { name: iam.user },
      },
    };
    return { status: 201, headers: { 'x-subject-token': token }, body };
  }

  /** A 429 when more than `perSecond` requests came within the last second; null lets the request pass. */
  function throttle(arrival: Arrival, perSecond: number): Answer | null {
    served = served.filter((at) => at > now() - 1000);
    if (served.length >= perSecond) {
      const words = `The throttling threshold has been reached: policy user over ratelimit,limit:${perSecond},time:1 second`;
      return gatewayError(arrival, 429, { code: 'APIGW.0308', words });
    }
    served.push(now());
    return null;
  }

  return { authenticate, issueToken, throttle, revokeTokens: () => tokens.clear() };
}

function refused(arrival: Arrival, words: string): Answer {
  return gatewayError(arrival, 401, { code: 'APIGW.0301', words });
}

/** The project of the credentials is not the one that was named. */
export function wrongProject(): Answer {
  return serviceError(400, 'MSS.00010009', 'The tenant in the URL is not the tenant of the token.');
}

function readTokenRequest(body: Buffer) {
  const auth = member(parseJson(body), 'auth');
  const identity = member(auth, 'identity');
  const user = member(member(identity, 'password'), 'user');
  const [name, password, domain] = [member(user, 'name'), member(user, 'password'), member(member(user, 'domain'), 'name')];
  const project = member(member(auth, 'scope'), 'project');
  if (typeof name !== 'string' || typeof password !== 'string' || typeof domain !== 'string' || project === undefined) return null;
  const id = member(project, 'id');
  return { user: name, password, domain, projectId: typeof id === 'string' ? id : null };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Keystone writes microseconds. */
function keystoneTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
