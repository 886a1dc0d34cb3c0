using System.Security.Cryptography;
using System.Text;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>A thing in a group, which is named by its id: a group deleted and made again inherits nobody.</summary>
public sealed record Membership : IRow<(string ThingGroupId, string ThingName)>
{
    public required string ThingGroupId { get; init; }

    public required string ThingName { get; init; }

    /// <summary>In the order of joining.</summary>
    public required long Ordinal { get; init; }

    /// <summary>
    /// The id of this stay in the group: the same when the thing leaves as when it joined, another when it joins again. Made from the
    /// row, because only events tell it, and a fleet has very many.
    /// </summary>
    public string MembershipId => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{ThingGroupId}/{Ordinal}")).AsSpan(..16)).ToString();

    public (string ThingGroupId, string ThingName) Key => (ThingGroupId, ThingName);
}
