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
/// It is a class, and its members stand in arrays: .NET has the code of its collections and of System.Text.Json compiled ahead for
/// references, and would compile it for each enum at the first call.
/// </summary>
/// <typeparam name="T">An enum whose members have the values 0, 1, 2 and so on.</typeparam>
public sealed record EnumText<T>(string Text) : IEnumText, IParsable<EnumText<T>> where T : struct, Enum
{
#pragma warning disable CA2263 // the generic methods would be compiled at run time, once more for each enum
    private static readonly string[] Names = Enum.GetNames(typeof(T));
    private static readonly T[] Members = (T[])Enum.GetValues(typeof(T));
#pragma warning restore CA2263
    private static readonly EnumText<T>[] Texts = Array.ConvertAll(Names, name => new EnumText<T>(name));

    public bool IsDefined => Array.IndexOf(Names, Text) >= 0;

    /// <summary>The member. Asked for only after the constraints were checked.</summary>
    public T Value => MemberOf(Text);

    /// <summary>Those of all members, in their order: the objects into which members are converted.</summary>
    public static IReadOnlyList<IEnumText> All => Texts;

    Type IEnumText.EnumType => typeof(T);

    public override string ToString() => Text;

    /// <summary>The member with a name.</summary>
    /// <exception cref="FormatException">None has it.</exception>
    public static T MemberOf(string name) => Array.IndexOf(Names, name) is >= 0 and var place
        ? Members[place]
        : throw new FormatException($"No {typeof(T).Name} is named '{name}'.");

    public static EnumText<T> Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out EnumText<T> result)
    {
        result = s is null ? null : new(s);
        return s is not null;
    }

    public static implicit operator EnumText<T>(T member) => Texts[Unsafe.BitCast<T, int>(member)];
}
