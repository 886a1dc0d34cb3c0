using System.Security.Cryptography;
using System.Text;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>The identity of a membership.</summary>
public readonly record struct MembershipKey(string ThingGroupId, string ThingName);

/// <summary>A thing in a group. The group is identified by its id: a group that is deleted and created again starts without members.</summary>
public sealed record Membership : IRow<MembershipKey>
{
    public required string ThingGroupId { get; init; }

    public required string ThingName { get; init; }

    /// <summary>In the order of joining.</summary>
    public required long Ordinal { get; init; }

    /// <summary>
    /// The id of this membership in events: the same when the thing joins and when it leaves, another when it joins again. Computed
    /// from the row instead of stored, because a fleet has very many memberships.
    /// </summary>
    public string MembershipId => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{ThingGroupId}/{Ordinal}")).AsSpan(..16)).ToString();

    public MembershipKey Key => new(ThingGroupId, ThingName);
}
