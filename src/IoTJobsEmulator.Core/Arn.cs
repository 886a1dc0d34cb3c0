using System.Diagnostics.CodeAnalysis;

namespace IoTJobsEmulator.Core;

/// <summary>
/// The names by which resources are known across accounts: <c>arn:aws:iot:REGION:ACCOUNT:job/JOBID</c>. Built for the
/// resources of a realm or tenant, read from what callers give. Source: the developer guide, "Identifying AWS IoT resources".
/// </summary>
public sealed record Arn(string Region, string Account, string ResourceType, string ResourceId)
{
    public const string JobType = "job", ThingType = "thing", ThingGroupType = "thinggroup", JobTemplateType = "jobtemplate",
        ThingTypeType = "thingtype", BillingGroupType = "billinggroup", PackageType = "package";

    public static string OfJob(State.Realm realm, string jobId) => $"arn:aws:iot:{realm.Region}:{realm.Account}:{JobType}/{jobId}";

    public static string OfThing(State.Realm realm, string thingName) => OfThing(realm.Tenant, thingName);

    public static string OfThing(Tenant tenant, string thingName) => $"arn:aws:iot:{tenant.Region}:{tenant.Account}:{ThingType}/{thingName}";

    public static string OfThingGroup(State.Realm realm, string thingGroupName) => OfThingGroup(realm.Tenant, thingGroupName);

    public static string OfThingGroup(Tenant tenant, string thingGroupName) =>
        $"arn:aws:iot:{tenant.Region}:{tenant.Account}:{ThingGroupType}/{thingGroupName}";

    public static string OfThingType(State.Realm realm, string thingTypeName) => $"arn:aws:iot:{realm.Region}:{realm.Account}:{ThingTypeType}/{thingTypeName}";

    public static string OfBillingGroup(State.Realm realm, string billingGroupName) =>
        $"arn:aws:iot:{realm.Region}:{realm.Account}:{BillingGroupType}/{billingGroupName}";

    public static string OfJobTemplate(State.Realm realm, string jobTemplateId) => $"arn:aws:iot:{realm.Region}:{realm.Account}:{JobTemplateType}/{jobTemplateId}";

    /// <summary>A template that AWS provides belongs to no account.</summary>
    public static string OfManagedJobTemplate(State.Realm realm, string templateName, string version) =>
        $"arn:aws:iot:{realm.Region}::{JobTemplateType}/{templateName}:{version}";

    /// <summary>Whether a text has the form of an account: twelve digits.</summary>
    public static bool IsAccount(ReadOnlySpan<char> text) => text.Length == 12 && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Reads an ARN of the IoT service, of whatever account and region.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Arn? arn)
    {
        arn = null;
        var parts = text.Split(':', 6);
        if (parts is not ["arn", var partition, "iot", var region, var account, var resource] || !partition.StartsWith("aws", StringComparison.Ordinal))
            return false;
        var slash = resource.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == resource.Length - 1)
            return false;
        arn = new(region, account, resource[..slash], resource[(slash + 1)..]);
        return true;
    }

    /// <summary>Whether the ARN names the account and region of this realm. The resource need not exist.</summary>
    public bool IsIn(State.Realm realm) => Region == realm.Region && Account == realm.Account;
}
