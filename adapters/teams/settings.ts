/** What the adapter is configured with, as the registry hands it in. */
export type TeamsSettings = {
  /** A local trial: nothing is signed in either direction, and the ids are ''. */
  readonly allowUnauthenticated: boolean;
  readonly appId: string;
  /** null with UserAssignedMSI. */
  readonly appPassword: string | null;
  readonly tenantId: string;
  readonly appType: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';
  /** Tenants whose people are served; in a trial, none means any. */
  readonly allowedTenants: readonly string[];
  /** null = Microsoft's own. */
  readonly openIdMetadataUrl: string | null;
};
