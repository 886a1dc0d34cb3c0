using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Wire;

/// <summary>A structure: an object with the members that it has as properties, without those that are null.</summary>
internal sealed class StructureCodec<T> : JsonCodec<T> where T : class
{
    private readonly StructureMember<T>[] _members = StructureMembers.Of<T>();

    /// <summary>Answers are made by operations only: their members come with their constructor, or are required.</summary>
    private readonly bool _isRead = typeof(T).GetConstructor(Type.EmptyTypes) is not null && !typeof(T).IsDefined(typeof(RequiredMemberAttribute), false)
        && Array.TrueForAll(StructureMembers.PropertiesOf(typeof(T)), property => property.SetMethod is { IsPublic: true });

    public override IReadOnlyList<StructureMember> Members => _members;

    public override JsonUnmappedMemberHandling? UnknownMembers { get; } = typeof(T).GetCustomAttribute<JsonUnmappedMemberHandlingAttribute>()?.UnmappedMemberHandling;

    public override T Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (!_isRead)
            throw new NotSupportedException($"{typeof(T)} is a part of an answer, which nobody sends to the emulator.");
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        var structure = Activator.CreateInstance<T>();
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Find(ref reader, ref next);
            if (member is null && (UnknownMembers ?? options.UnmappedMemberHandling) == JsonUnmappedMemberHandling.Disallow)
                throw new JsonException();
            reader.Read();
            if (member is null)
                reader.TrySkip();
            else
                member.Read(ref reader, structure, options);
        }
        return structure;
    }

    public override void Append(JsonText text, JsonPrefix before, T value)
    {
        var begin = text.Begin(before);
        foreach (var member in _members)
            member.Append(text, value);
        text.End(begin, '{', '}');
    }

    /// <summary>The member with the name at which the reader stands. Most callers give members in their order: the search begins after the last.</summary>
    private StructureMember<T>? Find(ref Utf8JsonReader reader, ref int next)
    {
        if (reader.ValueIsEscaped)
            _ = reader.GetString(); // refuses what is no Unicode
        for (var i = 0; i < _members.Length; i++)
        {
            var at = next + i;
            if (at >= _members.Length)
                at -= _members.Length;
            if (!reader.ValueTextEquals(_members[at].Utf8Name))
                continue;
            next = at + 1 == _members.Length ? 0 : at + 1;
            return _members[at];
        }
        return null;
    }
}
