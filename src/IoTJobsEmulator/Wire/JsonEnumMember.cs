using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

/// <summary>A member of a record whose values are members of an enum. Its name is kept with each value, so that both are copied as one.</summary>
/// <param name="name">The name of the member.</param>
/// <param name="values">The objects into which the members of the enum are converted.</param>
internal sealed class JsonEnumMember(string name, IEnumerable<IEnumText> values)
{
    private readonly (IEnumText Value, JsonPrefix Whole)[] _values = [.. values.Select(value => (value, JsonPrefix.Of(name, value.Text)))];

    /// <summary>What stands before the value.</summary>
    public JsonPrefix Before { get; } = JsonPrefix.Of(name);

    /// <summary>The name with a value; null for an object that a caller's text was made into.</summary>
    public JsonPrefix? Find(IEnumText value)
    {
        foreach (var (known, whole) in _values)
        {
            if (ReferenceEquals(known, value))
                return whole;
        }
        return null;
    }
}
