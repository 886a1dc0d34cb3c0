using System.Diagnostics.CodeAnalysis;

namespace IoTJobsEmulator.Core;

/// <summary>
/// The names by which resources are known across accounts: <c>arn:PARTITION:iot:REGION:ACCOUNT:job/JOBID</c>. Built for the
/// resources of a realm or tenant, read from what callers give. Source: the developer guide, "Identifying AWS IoT resources".
/// </summary>
public sealed record Arn(string Partition, string Region, string Account, string ResourceType, string ResourceId)
{
    public const string JobType = "job", ThingType = "thing", ThingGroupType = "thinggroup", JobTemplateType = "jobtemplate",
        ThingTypeType = "thingtype", BillingGroupType = "billinggroup", PackageType = "package";

    public static string OfJob(State.Realm realm, string jobId) => string.Concat(realm.ArnPrefix, JobType + "/", jobId);

    public static string OfThing(State.Realm realm, string thingName) => string.Concat(realm.ArnPrefix, ThingType + "/", thingName);

    public static string OfThing(Tenant tenant, string thingName) => Of(tenant, ThingType, thingName);

    public static string OfThingGroup(State.Realm realm, string thingGroupName) => OfThingGroup(realm.Tenant, thingGroupName);

    public static string OfThingGroup(Tenant tenant, string thingGroupName) => Of(tenant, ThingGroupType, thingGroupName);

    public static string OfThingType(State.Realm realm, string thingTypeName) => Of(realm.Tenant, ThingTypeType, thingTypeName);

    public static string OfBillingGroup(State.Realm realm, string billingGroupName) => Of(realm.Tenant, BillingGroupType, billingGroupName);

    public static string OfJobTemplate(State.Realm realm, string jobTemplateId) => Of(realm.Tenant, JobTemplateType, jobTemplateId);

    /// <summary>Templates that AWS provides belong to no account.</summary>
    public static Tenant OwnerOfManagedTemplates(State.Realm realm) => realm.Tenant with { Account = "" };

    public static string OfManagedJobTemplate(State.Realm realm, string templateName, string version) =>
        Of(OwnerOfManagedTemplates(realm), JobTemplateType, $"{templateName}:{version}");

    /// <summary>The ARN of an IoT resource.</summary>
    public static string Of(Tenant tenant, string resourceType, string resourceId) =>
        $"{PrefixOf(tenant)}{resourceType}/{resourceId}";

    /// <summary>What the ARNs of all resources of a type begin with in an account and region.</summary>
    public static string PrefixOf(State.Realm realm, string resourceType) => string.Concat(realm.ArnPrefix, resourceType, "/");

    /// <summary>What the ARNs of all resources of an account and region begin with.</summary>
    internal static string PrefixOf(Tenant tenant) => $"arn:{tenant.Partition}:iot:{tenant.Region}:{tenant.Account}:";

    /// <summary>Whether a text has the form of an account: twelve digits.</summary>
    public static bool IsAccount(ReadOnlySpan<char> text) => text.Length == 12 && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Reads an ARN of the IoT service, of whatever partition, account and region.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Arn? arn)
    {
        arn = null;
        Span<Range> parts = stackalloc Range[6];
        var read = text.AsSpan();
        if (read.Split(parts, ':') != 6 || read[parts[0]] is not "arn" || !read[parts[1]].StartsWith("aws") || read[parts[2]] is not "iot")
            return false;
        var resource = read[parts[5]];
        var slash = resource.IndexOf('/');
        if (slash <= 0 || slash == resource.Length - 1)
            return false;
        arn = new(text[parts[1]], text[parts[3]], text[parts[4]], resource[..slash].ToString(), resource[(slash + 1)..].ToString());
        return true;
    }

    /// <summary>The name of a resource of this realm in its ARN; null when the text is no ARN of this type and realm.</summary>
    public static string? NameIn(State.Realm realm, string resourceType, string text)
    {
        var resource = text.StartsWith(realm.ArnPrefix, StringComparison.Ordinal) ? text.AsSpan(realm.ArnPrefix.Length) : [];
        return resource.StartsWith(resourceType) && resource[resourceType.Length..] is ['/', .. { Length: > 0 } name] ? name.ToString() : null;
    }

    /// <summary>Whether the ARN names the account and region of this realm, and the region's partition. The resource need not exist.</summary>
    public bool IsIn(State.Realm realm) => IsIn(realm.Tenant);

    /// <summary>The same of any account and region.</summary>
    public bool IsIn(Tenant tenant) => Region == tenant.Region && Account == tenant.Account && Partition == tenant.Partition;
}
