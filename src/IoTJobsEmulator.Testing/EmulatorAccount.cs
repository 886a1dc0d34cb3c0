using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Testing;

/// <summary>
/// An account and a region of the emulator, with credentials for them. Nothing that is in one is seen in another, so tests that have an account each
/// can run side by side in one emulator.
/// </summary>
/// <param name="AccountId">The account: 12 digits.</param>
/// <param name="Region">The region, such as <c>us-east-1</c>.</param>
public sealed record EmulatorAccount(string AccountId, string Region)
{
    /// <summary>The access key id, which is the account's id: that is how the emulator knows the account.</summary>
    public string AccessKeyId => AccountId;

    /// <summary>The secret access key. The emulator checks no signature, so any does.</summary>
    public string SecretAccessKey { get; init; } = "test";

    /// <summary>The user name with which an MQTT client belongs to this account and region.</summary>
    public string MqttUserName => $"region={Region}&account={AccountId}";

    private Tenant Tenant => new(AccountId, Region);

    /// <summary>The ARN of a thing, as it is given as a target of a job.</summary>
    /// <param name="thingName">The thing, which need not be there yet.</param>
    public string ThingArn(string thingName) => Arn.OfThing(Tenant, thingName);

    /// <summary>The ARN of a thing group, as it is given as a target of a job.</summary>
    /// <param name="thingGroupName">The group, which need not be there yet.</param>
    public string ThingGroupArn(string thingGroupName) => Arn.OfThingGroup(Tenant, thingGroupName);

    /// <summary>The Authorization header of requests in this account and region, in the form of AWS's Signature Version 4.</summary>
    internal string Authorization(string service) =>
        $"AWS4-HMAC-SHA256 Credential={AccessKeyId}/20260101/{Region}/{service}/aws4_request, SignedHeaders=host, Signature=not-checked";
}
