using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Tags;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.BillingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_CreateBillingGroup.html"/>
public static class CreateBillingGroup
{
    public sealed record Request : IStructure
    {
        public BillingGroupProperties? BillingGroupProperties { get; init; }

        [TagList] public ValueList<Tag>? Tags { get; init; }
    }

    public sealed record Response(string BillingGroupName, string BillingGroupArn, string BillingGroupId);

    /// <summary>Creates a billing group. Doing so again with the same properties succeeds, with others it is refused.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="billingGroupName">A name for the group; it cannot be changed.</param>
    /// <param name="request">Properties and tags.</param>
    public static Response Handle(Realm realm, [Required, BillingGroupName] string billingGroupName, Request? request)
    {
        Tagging.Check(request?.Tags, ServiceError.InvalidRequest);
        var description = request?.BillingGroupProperties?.BillingGroupDescription;
        var arn = Arn.OfBillingGroup(realm, billingGroupName);
        if (realm.BillingGroups.Find(billingGroupName) is not { } group)
        {
            group = new()
            {
                BillingGroupName = billingGroupName,
                BillingGroupId = realm.NewId(),
                Ordinal = realm.NextOrdinal(),
                Description = description,
                CreatedAt = realm.Now,
            };
            realm.BillingGroups.Put(group);
            Tagging.Create(realm, arn, request?.Tags);
        }
        else if (group.Description != description)
        {
            throw new ServiceException(ServiceError.ResourceAlreadyExists, $"Billing group {billingGroupName} already exists in account with different properties")
            {
                Members = new ValueMap([new("resourceId", group.BillingGroupId), new("resourceArn", arn)]),
            };
        }
        return new(group.BillingGroupName, arn, group.BillingGroupId);
    }
}
