using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.BillingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeBillingGroup.html"/>
public static class DescribeBillingGroup
{
    public sealed record Response(
        string BillingGroupName,
        string BillingGroupId,
        string BillingGroupArn,
        long Version,
        BillingGroupProperties BillingGroupProperties,
        BillingGroupMetadata BillingGroupMetadata);

    /// <summary>Source: API_BillingGroupMetadata.</summary>
    public sealed record BillingGroupMetadata(Moment CreationDate);

    /// <summary>Describes a billing group.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="billingGroupName">The group.</param>
    public static Response Handle(Realm realm, [Required, BillingGroupName] string billingGroupName)
    {
        var group = RegistryLookup.GetBillingGroup(realm, billingGroupName);
        return new(
            group.BillingGroupName,
            group.BillingGroupId,
            Arn.OfBillingGroup(realm, billingGroupName),
            group.Version,
            new() { BillingGroupDescription = group.Description },
            new(group.CreatedAt));
    }
}
