namespace IoTJobsEmulator.Core.State;

/// <summary>
/// Many rows in order: sorted chunks in a sorted list. A row takes an entry of an array and no object of its own, so that a fleet gives the garbage
/// collector a third fewer objects to move and follow than with a tree. The order must tell all rows apart.
/// </summary>
internal sealed class ChunkedRows<TRow, TOrder> where TRow : class where TOrder : IComparable<TOrder>
{
    /// <summary>The most entries of a chunk: few enough to be moved for one that comes or goes.</summary>
    private const int ChunkSize = 128;

    private const int FirstSize = 32;

    private Chunk[] _chunks = new Chunk[2];
    private int _chunkCount = 1;

    public ChunkedRows() => _chunks[0] = new(FirstSize);

    /// <summary>
    /// Entries in order. There may be room before them: rows that come newest first, and heads that go, move no others.
    /// </summary>
    private struct Chunk(int size, int start = 0)
    {
        private Entry[] _entries = new Entry[size];
        private int _start = start;

        public int Count { get; private set; }

        public readonly ref Entry this[int place] => ref _entries[_start + place];

        public void Insert(int place, Entry entry)
        {
            if (_start + Count == _entries.Length)
            {
                if (Count == _entries.Length)
                    Array.Resize(ref _entries, Math.Min(2 * Count, ChunkSize));
                else if (place > 0)
                    MoveToBegin();
            }
            if (place == 0 && _start > 0)
                _start--;
            else
                Array.Copy(_entries, _start + place, _entries, _start + place + 1, Count - place);
            Count++;
            this[place] = entry;
        }

        public void Remove(int place)
        {
            this[place] = default;
            Count--;
            if (place == 0)
            {
                _start++;
                return;
            }
            Array.Copy(_entries, _start + place + 1, _entries, _start + place, Count - place);
            this[Count] = default;
        }

        /// <summary>Adds the entries of another chunk from a place on, which go after those here, and takes them from there.</summary>
        public void Take(ref Chunk other, int from)
        {
            MoveToBegin();
            if (_entries.Length < ChunkSize)
                Array.Resize(ref _entries, ChunkSize);
            var count = other.Count - from;
            Array.Copy(other._entries, other._start + from, _entries, Count, count);
            Array.Clear(other._entries, other._start + from, count);
            (Count, other.Count) = (Count + count, from);
        }

        private void MoveToBegin()
        {
            if (_start == 0)
                return;
            Array.Copy(_entries, _start, _entries, 0, Count);
            Array.Clear(_entries, Math.Max(_start, Count), Math.Min(_start, Count));
            _start = 0;
        }
    }

    private readonly record struct Entry(TOrder Order, Slot<TRow> Slot);

    public int Count { get; private set; }

    /// <summary>The first slot; there must be one.</summary>
    public Slot<TRow> First => _chunks[0][0].Slot;

    /// <summary>The rows in order. Not to be enumerated while they change.</summary>
    public IEnumerable<TRow> Rows => RowsFrom(0, 0);

    /// <summary>Their slots in order. Not to be enumerated while they change.</summary>
    public IEnumerable<Slot<TRow>> Slots
    {
        get
        {
            for (var chunk = 0; chunk < _chunkCount; chunk++)
            {
                for (var at = 0; at < _chunks[chunk].Count; at++)
                    yield return _chunks[chunk][at].Slot;
            }
        }
    }

    /// <summary>The slot that has a place in the order; null when none has it.</summary>
    public Slot<TRow>? Find(TOrder place)
    {
        ref var chunk = ref _chunks[ChunkOf(place)];
        return PlaceIn(chunk, place) is >= 0 and var at ? chunk[at].Slot : null;
    }

    /// <summary>The rows that come after a place in the order, which need not be taken. Not to be enumerated while they change.</summary>
    public IEnumerable<TRow> RowsAfter(TOrder place)
    {
        var (chunk, at) = After(place);
        return RowsFrom(chunk, at);
    }

    /// <summary>The first row that comes after a place in the order, which need not be taken, or null.</summary>
    public TRow? FirstAfter(TOrder place)
    {
        var (chunk, at) = After(place);
        if (at < _chunks[chunk].Count)
            return _chunks[chunk][at].Slot.Row;
        return chunk + 1 < _chunkCount ? _chunks[chunk + 1][0].Slot.Row : null;
    }

    public void Add(Slot<TRow> slot, TOrder order)
    {
        var chunk = ChunkOf(order);
        var at = ~PlaceIn(_chunks[chunk], order);
        if (_chunks[chunk].Count == ChunkSize)
            (chunk, at) = MakeRoom(chunk, at);
        _chunks[chunk].Insert(at, new(order, slot));
        Count++;
    }

    public void Remove(TOrder order)
    {
        var chunk = ChunkOf(order);
        ref var found = ref _chunks[chunk];
        var at = PlaceIn(found, order);
        found.Remove(at);
        Count--;
        if (found.Count == 0 && _chunkCount > 1)
            RemoveChunk(chunk);
        else if (!TryMerge(chunk))
            TryMerge(chunk - 1);
    }

    /// <summary>The last chunk that begins at a place or before it, else the first.</summary>
    private int ChunkOf(TOrder place)
    {
        // Most of what comes belongs at one of the ends.
        var (low, high) = (0, _chunkCount - 1);
        if (high == 0 || _chunks[1][0].Order.CompareTo(place) > 0)
            return 0;
        if (_chunks[high][0].Order.CompareTo(place) <= 0)
            return high;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _chunks[middle][0].Order.CompareTo(place) <= 0 ? (middle, high) : (low, middle - 1);
        }
        return low;
    }

    /// <summary>Where the rows after a place begin; it may be the end of a chunk.</summary>
    private (int Chunk, int At) After(TOrder place)
    {
        var chunk = ChunkOf(place);
        var at = PlaceIn(_chunks[chunk], place);
        return (chunk, at < 0 ? ~at : at + 1);
    }

    /// <summary>Where a place is in a chunk; the complement of where it would be when none has it.</summary>
    private static int PlaceIn(in Chunk chunk, TOrder place)
    {
        var (low, high) = (0, chunk.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var comparison = chunk[middle].Order.CompareTo(place);
            if (comparison == 0)
                return middle;
            (low, high) = comparison < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return ~low;
    }

    /// <summary>Answers where an entry goes for which its chunk has no room: into a new chunk at either end, so that rows that come in order fill theirs, else into a half.</summary>
    private (int Chunk, int Place) MakeRoom(int chunk, int place)
    {
        if (place == ChunkSize && chunk == _chunkCount - 1)
            return (InsertChunk(chunk + 1), 0);
        if (place == 0 && chunk == 0)
            return (InsertChunk(0, start: ChunkSize), 0);
        const int Half = ChunkSize / 2;
        InsertChunk(chunk + 1);
        _chunks[chunk + 1].Take(ref _chunks[chunk], Half);
        return place <= Half ? (chunk, place) : (chunk + 1, place - Half);
    }

    private int InsertChunk(int at, int start = 0)
    {
        if (_chunkCount == _chunks.Length)
            Array.Resize(ref _chunks, 2 * _chunkCount);
        Array.Copy(_chunks, at, _chunks, at + 1, _chunkCount - at);
        _chunks[at] = new(ChunkSize, start);
        _chunkCount++;
        return at;
    }

    private void RemoveChunk(int at)
    {
        _chunkCount--;
        Array.Copy(_chunks, at + 1, _chunks, at, _chunkCount - at);
        _chunks[_chunkCount] = default;
    }

    /// <summary>Puts the next chunk's entries behind those of a chunk that has few as well: chunks that were emptied in part do not stay.</summary>
    private bool TryMerge(int chunk)
    {
        if (chunk < 0 || chunk + 1 >= _chunkCount || _chunks[chunk].Count + _chunks[chunk + 1].Count > ChunkSize / 2)
            return false;
        _chunks[chunk].Take(ref _chunks[chunk + 1], 0);
        RemoveChunk(chunk + 1);
        return true;
    }

    private IEnumerable<TRow> RowsFrom(int chunk, int at)
    {
        for (; chunk < _chunkCount; chunk++, at = 0)
        {
            for (var rows = _chunks[chunk]; at < rows.Count; at++)
                yield return rows[at].Slot.Row;
        }
    }
}
