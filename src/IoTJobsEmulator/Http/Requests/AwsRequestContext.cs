using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Operations;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Turns;
using Microsoft.AspNetCore.Http.Features;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>
/// What is known of a request before it is routed: its API, and the account and region that its signature or its host name states, else
/// those in the settings. Signatures are not checked. A 12-digit access key id is an account; any other key stands for the account in the settings.
/// </summary>
internal sealed class AwsRequestContext
{
    /// <summary>The API that the request is for, as far as it can be known before routing.</summary>
    public required Api Api { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    /// <summary>Whether the request states its region.</summary>
    public required bool StatesRegion { get; init; }

    /// <summary>The name of the operation, once the request is routed.</summary>
    public string? Operation { get; set; }

    /// <summary>What the faults and the journal know of it, once it is routed to an operation of AWS.</summary>
    public OperationRequest? Asked { get; set; }

    public static AwsRequestContext Of(HttpContext context) => context.Features.GetRequiredFeature<AwsRequestContext>();

    /// <summary>The caller's realm. A device that states no region is found by its thing's name when the default realm lacks the thing.</summary>
    public Realm Realm(TurnGate turns, HttpContext context)
    {
        var realm = turns.RealmOf(Account, Region);
        return Api == Api.IotJobsData && !StatesRegion && context.Request.RouteValues["thingName"] is string thingName
            ? turns.RealmHavingThing(thingName, realm)
            : realm;
    }
}
