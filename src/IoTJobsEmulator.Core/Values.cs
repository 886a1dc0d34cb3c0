using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace IoTJobsEmulator.Core;

/// <summary>
/// A list that is equal to another with equal elements, so that rows and requests compare as values.
/// Filled while it is read from JSON or the database, never changed afterwards.
/// </summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Of))]
public sealed class ValueList<T> : IReadOnlyList<T>, ICollection<T>, IEquatable<ValueList<T>>
{
    private readonly List<T> _items;

    public ValueList() => _items = [];

    public ValueList(IEnumerable<T> items) => _items = [.. items];

    private ValueList(List<T> owned) => _items = owned;

    /// <summary>A list without elements, which all may share.</summary>
    public static ValueList<T> Empty { get; } = [];

    /// <summary>Takes over a list, which nobody may change any more.</summary>
    public static ValueList<T> Wrap(List<T> items) => new(items);

    public int Count => _items.Count;

    public T this[int index] => _items[index];

    public List<T>.Enumerator GetEnumerator() => _items.GetEnumerator();

    public bool Equals(ValueList<T>? other) => other is not null && _items.SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => _items.Aggregate(_items.Count, HashCode.Combine);

    public override string ToString() => $"[{string.Join(", ", _items)}]";

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    bool ICollection<T>.IsReadOnly => false;

    void ICollection<T>.Add(T item) => _items.Add(item);

    bool ICollection<T>.Contains(T item) => _items.Contains(item);

    void ICollection<T>.CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    bool ICollection<T>.Remove(T item) => throw new NotSupportedException();

    void ICollection<T>.Clear() => throw new NotSupportedException();
}

/// <summary>Lets a list be written as <c>[a, b]</c>.</summary>
public static class ValueList
{
    public static ValueList<T> Of<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}

/// <summary>
/// A map from text to text that is equal to another with the same pairs. Keeps the order in which it was given.
/// Filled while it is read from JSON or the database, never changed afterwards.
/// </summary>
public sealed class ValueMap : IReadOnlyDictionary<string, string>, IDictionary<string, string>, IEquatable<ValueMap>
{
    private readonly Dictionary<string, string> _pairs;

    public ValueMap() => _pairs = [];

    public ValueMap(IEnumerable<KeyValuePair<string, string>> pairs) => _pairs = new(pairs);

    public static ValueMap Empty { get; } = [];

    public int Count => _pairs.Count;

    public string this[string key] => _pairs[key];

    public IEnumerable<string> Keys => _pairs.Keys;

    public IEnumerable<string> Values => _pairs.Values;

    public bool ContainsKey(string key) => _pairs.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => _pairs.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _pairs.GetEnumerator();

    public bool Equals(ValueMap? other) =>
        other is not null && Count == other.Count && _pairs.All(pair => other.TryGetValue(pair.Key, out var value) && value == pair.Value);

    public override bool Equals(object? obj) => Equals(obj as ValueMap);

    public override int GetHashCode() => _pairs.Aggregate(Count, (hash, pair) => hash ^ pair.GetHashCode());

    IEnumerator IEnumerable.GetEnumerator() => _pairs.GetEnumerator();

    string IDictionary<string, string>.this[string key] { get => _pairs[key]; set => _pairs[key] = value; }

    ICollection<string> IDictionary<string, string>.Keys => _pairs.Keys;

    ICollection<string> IDictionary<string, string>.Values => _pairs.Values;

    bool ICollection<KeyValuePair<string, string>>.IsReadOnly => false;

    void IDictionary<string, string>.Add(string key, string value) => _pairs[key] = value;

    void ICollection<KeyValuePair<string, string>>.Add(KeyValuePair<string, string> item) => _pairs[item.Key] = item.Value;

    bool ICollection<KeyValuePair<string, string>>.Contains(KeyValuePair<string, string> item) => _pairs.Contains(item);

    void ICollection<KeyValuePair<string, string>>.CopyTo(KeyValuePair<string, string>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, string>>)_pairs).CopyTo(array, arrayIndex);

    bool IDictionary<string, string>.Remove(string key) => throw new NotSupportedException();

    bool ICollection<KeyValuePair<string, string>>.Remove(KeyValuePair<string, string> item) => throw new NotSupportedException();

    void ICollection<KeyValuePair<string, string>>.Clear() => throw new NotSupportedException();
}
