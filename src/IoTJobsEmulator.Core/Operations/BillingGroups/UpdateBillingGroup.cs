using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.BillingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateBillingGroup.html"/>
public static class UpdateBillingGroup
{
    public sealed record Request : IStructure
    {
        [Required] public BillingGroupProperties? BillingGroupProperties { get; init; }

        /// <summary>The update is refused when the group has another version.</summary>
        [OptionalVersion] public long? ExpectedVersion { get; init; }
    }

    public sealed record Response(long Version);

    /// <summary>Updates a billing group. What is not given stays as it is; the version grows by one.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="billingGroupName">The group.</param>
    /// <param name="request">What is to change.</param>
    public static Response Handle(Realm realm, [Required, BillingGroupName] string billingGroupName, Request? request)
    {
        var group = RegistryLookup.GetBillingGroup(realm, billingGroupName);
        RegistryLookup.RefuseOtherVersion(request!.ExpectedVersion, group.Version);
        var description = request.BillingGroupProperties!.BillingGroupDescription;
        var change = realm.BillingGroups.Change(group.Key, next => next with { Description = description ?? next.Description, Version = next.Version + 1 });
        return new(change.After!.Version);
    }
}
