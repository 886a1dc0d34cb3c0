using System.Numerics;

namespace IoTJobsEmulator.Core.State;

/// <summary>
/// Values by key. .NET's Dictionary would be compiled at run time for each struct of ours that is its key or value; this is compiled ahead. It relies on
/// hash codes that callers cannot make collide, as those of texts, which are random in each process.
/// </summary>
internal sealed class HashTable<TKey, TValue> where TKey : IEquatable<TKey>
{
    private const int FirstCapacity = 4;

    // Entries are numbered from 1: 0 is none. A bucket has the number of the first entry of its chain.
    private int[] _buckets = [];
    private Entry[]? _entries;

    /// <summary>How many entries were ever taken; those behind them were not.</summary>
    private int _taken;

    /// <summary>The first of the entries that were taken and are free.</summary>
    private int _firstFree;

    private struct Entry
    {
        public int Hash;

        /// <summary>The next entry of the chain; of a free one the complement of the next that is free.</summary>
        public int Next;

        public TKey Key;

        public TValue? Value;
    }

    public int Count { get; private set; }

    /// <summary>The keys, in no order. Not to be enumerated while they change.</summary>
    public IEnumerable<TKey> Keys
    {
        get
        {
            for (var at = 0; at < _taken; at++)
            {
                if (_entries![at].Next >= 0)
                    yield return _entries[at].Key;
            }
        }
    }

    /// <summary>The values, in no order. Not to be enumerated while they change.</summary>
    public IEnumerable<TValue> Values
    {
        get
        {
            for (var at = 0; at < _taken; at++)
            {
                if (_entries![at].Next >= 0)
                    yield return _entries[at].Value!;
            }
        }
    }

    /// <summary>The value of a key that is there. Until another is added or removed it may be changed where it is.</summary>
    public ref TValue this[TKey key]
    {
        get
        {
            var number = NumberOf(key, key.GetHashCode());
            if (number == 0)
                throw new KeyNotFoundException($"There is no {key}.");
            return ref _entries![number - 1].Value!;
        }
    }

    /// <summary>The value of a key; the default where there is none.</summary>
    public TValue? Find(TKey key)
    {
        var number = NumberOf(key, key.GetHashCode());
        return number == 0 ? default : _entries![number - 1].Value;
    }

    /// <summary>The value of a key, the default where it is new. Until another is added or removed it may be changed where it is.</summary>
    public ref TValue? FindOrAdd(TKey key)
    {
        var hash = key.GetHashCode();
        var number = NumberOf(key, hash);
        return ref (number == 0 ? ref Add(key, hash) : ref _entries![number - 1]).Value;
    }

    /// <summary>Adds a value unless there is one of its key.</summary>
    public bool TryAdd(TKey key, TValue value)
    {
        var hash = key.GetHashCode();
        if (NumberOf(key, hash) != 0)
            return false;
        Add(key, hash).Value = value;
        return true;
    }

    /// <summary>Removes a key and answers its value; the default where there was none.</summary>
    public TValue? Remove(TKey key)
    {
        if (_entries is not { } entries)
            return default;
        var hash = key.GetHashCode();
        ref var link = ref BucketOf(hash);
        while (link != 0)
        {
            ref var entry = ref entries[link - 1];
            if (entry.Hash == hash && AreEqual(entry.Key, key))
                return Free(ref link, ref entry);
            link = ref entry.Next;
        }
        return default;
    }

    /// <summary>Makes room for many that are added one after another. Where there is some, it grows by half at least.</summary>
    public void EnsureCapacity(int count)
    {
        var capacity = _entries?.Length ?? 0;
        if (count > capacity)
            Resize(Math.Max(count, capacity + (capacity / 2)));
    }

    private int NumberOf(TKey key, int hash)
    {
        if (_entries is not { } entries)
            return 0;
        var number = BucketOf(hash);
        while (number != 0 && !(entries[number - 1].Hash == hash && AreEqual(entries[number - 1].Key, key)))
            number = entries[number - 1].Next;
        return number;
    }

    /// <summary>Takes an entry out of its chain.</summary>
    private TValue? Free(ref int link, ref Entry entry)
    {
        var (number, value) = (link, entry.Value);
        link = entry.Next;
        entry = new() { Next = ~_firstFree };
        _firstFree = number;
        Count--;
        return value;
    }

    private ref Entry Add(TKey key, int hash)
    {
        var number = _firstFree;
        if (number != 0)
            _firstFree = ~_entries![number - 1].Next;
        else
        {
            if (_taken == (_entries?.Length ?? 0))
                Resize(Math.Max(FirstCapacity, 2 * _taken));
            number = ++_taken;
        }
        ref var bucket = ref BucketOf(hash);
        ref var entry = ref _entries![number - 1];
        entry = new() { Hash = hash, Next = bucket, Key = key };
        bucket = number;
        Count++;
        return ref entry;
    }

    private void Resize(int capacity)
    {
        var entries = new Entry[capacity];
        if (_entries is not null)
            Array.Copy(_entries, entries, _taken);
        _entries = entries;
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        for (var number = 1; number <= _taken; number++)
        {
            ref var entry = ref entries[number - 1];
            if (entry.Next < 0)
                continue;
            ref var bucket = ref BucketOf(entry.Hash);
            entry.Next = bucket;
            bucket = number;
        }
    }

    // The multiplication spreads hash codes that differ in few bits, as those of numbers do, over all bits.
    private ref int BucketOf(int hash) => ref _buckets[(int)(((uint)hash * 0x9E3779B97F4A7C15) >> 32) & (_buckets.Length - 1)];

    // In code that all classes share, a method of an interface would have to be looked for at each call.
    private static bool AreEqual(TKey one, TKey other) => typeof(TKey).IsValueType ? one.Equals(other) : one.Equals((object)other);
}
