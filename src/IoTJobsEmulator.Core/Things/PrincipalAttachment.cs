using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>The identity of an attachment.</summary>
public readonly record struct PrincipalAttachmentKey(string ThingName, string Principal);

/// <summary>A certificate or another identity with which a device speaks for a thing. Source: API_AttachThingPrincipal.</summary>
public sealed record PrincipalAttachment : IRow<PrincipalAttachmentKey>
{
    public required string ThingName { get; init; }

    /// <summary>The ARN of a certificate, or the id of an Amazon Cognito identity. There are neither here: any text will do.</summary>
    public required string Principal { get; init; }

    public required ThingPrincipalType Type { get; init; }

    /// <summary>In the order of attaching.</summary>
    public required long Ordinal { get; init; }

    public PrincipalAttachmentKey Key => new(ThingName, Principal);
}

/// <summary>Whether the principal may be attached to other things as well.</summary>
public enum ThingPrincipalType
{
    EXCLUSIVE_THING,
    NON_EXCLUSIVE_THING,
}
