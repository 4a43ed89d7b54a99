import { describe, expect, test } from 'vitest';
import { cloudOf, isServiceUrl } from '../../../adapters/teams/cloud.ts';

describe('service addresses', () => {
  const teams = [
    'https://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net/teams/',
    'https://smba.infra.gcc.teams.microsoft.com/teams',
    'https://smba.infra.gov.teams.microsoft.us/teams',
    'https://smba.infra.dod.teams.microsoft.us/teams',
    'https://europe.smba.botframework.com/x/',
  ];
  test.each(teams)('%s is one of Teams', (url) => {
    expect(isServiceUrl(url, false)).toBe(true);
  });

  const others = [
    '',
    'smba.trafficmanager.net',
    'http://smba.trafficmanager.net/emea/',
    'https://evil.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net.evil.test/',
    'https://smba.trafficmanager.net:8443/',
    'https://smba.trafficmanager.net@evil.test/',
    'https://user@smba.trafficmanager.net/',
    'https://smba.trafficmanager.net/?to=evil',
    'https://smba.trafficmanager.net/#evil',
    'https://smbateams.microsoft.com/',
    'https://smba.teams.microsoft.com.evil.test/',
    'https://smba.evil.test/.teams.microsoft.com',
    'https://botframework.com.evil.test/',
    'https://evilbotframework.com/',
    'ftp://smba.trafficmanager.net/',
    'http://127.0.0.1:5000/',
    'http://localhost:5000/',
    'https://10.0.0.1/',
  ];
  test.each(others)('%j is none', (url) => {
    expect(isServiceUrl(url, false)).toBe(false);
  });

  test('of this machine are taken in a trial only', () => {
    expect(['http://127.0.0.1:56150/_connector', 'http://localhost:56150/_connector'].map((url) => isServiceUrl(url, true))).toEqual([true, true]);
    expect(['http://127.0.0.1.evil.test/', 'http://localhost.evil.test/', 'http://192.168.0.1/'].map((url) => isServiceUrl(url, true))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('the cloud', () => {
  test('is the public one, a government’s, or a stand-in on this machine', () => {
    expect(cloudOf(null)).toMatchObject({ login: 'https://login.microsoftonline.com', issuer: 'https://api.botframework.com', isLocal: false });
    expect(cloudOf('https://login.botframework.azure.us/v1/.well-known/openidconfiguration')).toMatchObject({
      login: 'https://login.microsoftonline.us',
      issuer: 'https://api.botframework.us',
      isLocal: false,
    });
    expect(cloudOf('http://127.0.0.1:4000/v1/x')).toMatchObject({ login: 'http://127.0.0.1:4000', metadataUrl: 'http://127.0.0.1:4000/v1/x', isLocal: true });
    expect(cloudOf('https://login.azure.us.evil.test/x')).toMatchObject({ login: 'https://login.microsoftonline.com', isLocal: false });
  });
});
