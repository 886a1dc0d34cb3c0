using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.BillingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteBillingGroup.html"/>
public static class DeleteBillingGroup
{
    public sealed record Response;

    /// <summary>Deletes a billing group that no thing is in. Succeeds also when there is none of this name.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="billingGroupName">The group.</param>
    /// <param name="expectedVersion">The deletion is refused when the group has another version.</param>
    public static Response Handle(Realm realm, [Required, BillingGroupName] string billingGroupName, [OptionalVersion] long? expectedVersion)
    {
        if (realm.BillingGroups.Find(billingGroupName) is not { } group)
            return new();
        RegistryLookup.RefuseOtherVersion(expectedVersion, group.Version);
        if (realm.Things.OfBillingGroup.Any(billingGroupName))
            throw ServiceError.InvalidRequest.Because($"Cannot delete billing group : {billingGroupName} when there are still things in it.");
        realm.BillingGroups.Remove(group.Key);
        realm.ResourceTags.RemoveIfPresent(Arn.OfBillingGroup(realm, billingGroupName));
        return new();
    }
}
