using System.Collections;

namespace IoTJobsEmulator.Core;

/// <summary>A list of structs of this assembly. .NET's List would be compiled at run time for each of them; this is compiled ahead.</summary>
internal sealed class StructList<T>(int capacity = 4) : IEnumerable<T> where T : struct
{
    private T[] _items = new T[Math.Max(capacity, 1)];

    public int Count { get; private set; }

    public T this[int index] => _items[index];

    public void Add(T item)
    {
        if (Count == _items.Length)
        {
            var longer = new T[2 * Count];
            Array.Copy(_items, longer, Count);
            _items = longer;
        }
        _items[Count++] = item;
    }

    public void Clear()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return _items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
