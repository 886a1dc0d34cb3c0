namespace IoTJobsEmulator.Core.Shapes;

/// <summary>Over HTTP the parameter comes in a header, as the service model has it, and not in the path or the query.</summary>
/// <param name="name">The name of the header.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HeaderAttribute(string name) : Attribute
{
    public string Name => name;
}
