namespace IoTJobsEmulator.Core;

/// <summary>
/// The ARN of a resource as it stands on the wire, in two parts: what those of all resources of a type begin with, and the resource's name. A list needs no new
/// text for each of its rows.
/// </summary>
public readonly record struct ArnText(string Prefix, string Name)
{
    public bool Equals(ArnText other) => ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => string.Concat(Prefix, Name);

    public static implicit operator ArnText(string arn) => new("", arn);

    public static implicit operator string(ArnText arn) => arn.ToString();
}
