using IoTJobsEmulator.Operations.Requests;

namespace IoTJobsEmulator.Tests.Faults;

/// <summary>Where the journal of requests keeps answers: in memory that it uses again, but not while somebody may look at it.</summary>
public sealed class OutputBlocksTests
{
    private static readonly byte[] Long = new byte[RequestJournal.MaxOutputBytes];

    [Fact]
    public void Answers_are_copied()
    {
        var blocks = new OutputBlocks();
        byte[] answer = [1, 2, 3];
        var (first, second) = (blocks.Keep(answer), blocks.Keep(answer.AsSpan(1)));
        answer.AsSpan().Clear();
        Assert.Equal([1, 2, 3], first.Bytes.ToArray());
        Assert.Equal([2, 3], second.Bytes.ToArray());
        Assert.Equal(0, blocks.Keep([]).Bytes.Length);
    }

    [Fact]
    public void A_block_is_used_again_when_all_in_it_was_dropped()
    {
        var blocks = new OutputBlocks();
        var kept = new Queue<KeptOutput>();
        var used = new HashSet<OutputBlocks.Block?>();
        for (var i = 0; i < 1000; i++)
        {
            Long.AsSpan().Fill((byte)i);
            kept.Enqueue(blocks.Keep(Long));
            used.Add(kept.Last().Block);
            if (kept.Count > 10)
                blocks.Drop(kept.Dequeue());
            Assert.All(kept.Index(), answer => Assert.Equal((byte)(i - kept.Count + 1 + answer.Index), answer.Item.Bytes[^1]));
        }
        Assert.InRange(used.Count, 3, 5);
    }

    [Fact]
    public void A_block_of_which_something_was_shown_is_not_used_again()
    {
        var blocks = new OutputBlocks();
        var shown = blocks.Keep([1, 2, 3]);
        OutputBlocks.Show(shown);
        blocks.Drop(shown);
        for (var i = 0; i < 100; i++)
            blocks.Drop(blocks.Keep(Long));
        Assert.Equal([1, 2, 3], shown.Bytes.ToArray());
    }
}
