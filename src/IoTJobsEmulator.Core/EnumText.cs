using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace IoTJobsEmulator.Core;

/// <summary>What the checker of constraints needs to know of any <see cref="EnumText{T}"/>.</summary>
public interface IEnumText
{
    string Text { get; }

    bool IsDefined { get; }

    Type EnumType { get; }
}

/// <summary>
/// An enum member as it stands on the wire. Any text can be read, so that an unknown value is reported together with all
/// other violations instead of alone; only the exact name of a member (case and all) has a <see cref="Value"/>.
/// </summary>
public readonly record struct EnumText<T>(string Text) : IEnumText, IParsable<EnumText<T>> where T : struct, Enum
{
    public bool IsDefined => EnumNames<T>.ByName.ContainsKey(Text);

    /// <summary>The member. Asked for only after the constraints were checked.</summary>
    public T Value => EnumNames<T>.ByName[Text];

    Type IEnumText.EnumType => typeof(T);

    public override string ToString() => Text;

    public static EnumText<T> Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EnumText<T> result)
    {
        result = new(s ?? "");
        return s is not null;
    }

    public static implicit operator EnumText<T>(T member) => new(EnumNames<T>.Of(member));
}

internal static class EnumNames<T> where T : struct, Enum
{
    public static readonly Dictionary<string, T> ByName = Enum.GetValues<T>().ToDictionary(member => member.ToString());

    /// <summary>By the numbers of the members.</summary>
    private static readonly string?[] Names =
        [.. Enumerable.Range(0, 1 + ByName.Values.Max(NumberOf)).Select(number => Enum.GetName(typeof(T), number))];

    public static string Of(T member) => Names[NumberOf(member)]!;

    private static int NumberOf(T member) => Unsafe.BitCast<T, int>(member);
}
