namespace IoTJobsEmulator.Operations.Requests;

/// <summary>
/// Where the journal keeps the bodies of answers: one behind the other in blocks, each of which is used again once all that is in it was dropped. An array
/// for each answer would live just long enough for the garbage collector to move it: for a page of a list that costs more than to read and write it.
/// Used under the journal's lock.
/// </summary>
internal sealed class OutputBlocks
{
    private Block? _block;
    private Block? _unused;

    /// <summary>Copies an answer.</summary>
    /// <param name="output">At most <see cref="RequestJournal.MaxOutputBytes"/>.</param>
    public KeptOutput Keep(ReadOnlySpan<byte> output)
    {
        if (output.IsEmpty)
            return default;
        if (_block?.HasRoomFor(output.Length) is not true)
        {
            var full = _block;
            (_block, _unused) = (_unused ?? new(), null);
            KeepUnused(full);
        }
        return _block.Add(output);
    }

    /// <summary>Forgets an answer. Nobody looks at it any more, unless it was shown.</summary>
    public void Drop(KeptOutput output)
    {
        if (output.Block is not { } block)
            return;
        block.Drop();
        if (block != _block)
            KeepUnused(block);
    }

    /// <summary>An answer is about to be shown to somebody, for as long as he likes: its block is not used again.</summary>
    public static void Show(KeptOutput output) => output.Block?.Show();

    /// <summary>One is enough: as one becomes full, another becomes empty.</summary>
    private void KeepUnused(Block? block)
    {
        if (block?.TryClear() is true)
            _unused = block;
    }

    internal sealed class Block
    {
        private readonly byte[] _bytes = new byte[4 * RequestJournal.MaxOutputBytes];
        private int _used, _kept;
        private bool _isShown;

        public bool HasRoomFor(int length) => _bytes.Length - _used >= length;

        public KeptOutput Add(ReadOnlySpan<byte> output)
        {
            output.CopyTo(_bytes.AsSpan(_used));
            var begin = _used;
            _used += output.Length;
            _kept++;
            return new(this, begin, output.Length);
        }

        public void Drop() => _kept--;

        public void Show() => _isShown = true;

        /// <summary>Empties it, unless something is kept in it or somebody may look at something.</summary>
        public bool TryClear()
        {
            if (_kept > 0 || _isShown)
                return false;
            _used = 0;
            return true;
        }

        public ReadOnlySpan<byte> Bytes(int begin, int length) => _bytes.AsSpan(begin, length);
    }
}

/// <summary>The body of an answer, as the journal keeps it. The default is none.</summary>
/// <param name="Block">Where it is.</param>
/// <param name="Begin">At which place there.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct KeptOutput(OutputBlocks.Block? Block, int Begin, int Length)
{
    /// <summary>Valid as long as the journal keeps the request, and for whoever got the request from it.</summary>
    public ReadOnlySpan<byte> Bytes => Block is null ? [] : Block.Bytes(Begin, Length);
}
