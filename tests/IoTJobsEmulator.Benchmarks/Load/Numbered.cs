namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>A prepared request with a number in it that is written anew each time, in place: wherever <see cref="Slot"/> stands.</summary>
internal sealed class Numbered
{
    public const string Slot = "########";

    private readonly byte[] _request;
    private readonly int[] _slots;

    public Numbered(byte[] request)
    {
        _request = request;
        List<int> slots = [];
        for (var at = 0; request.AsSpan(at).IndexOf("########"u8) is var next and >= 0; at += next + Slot.Length)
            slots.Add(at + next);
        _slots = [.. slots];
    }

    /// <summary>The request with a number. It is the same memory each time.</summary>
    public ReadOnlyMemory<byte> With(int number)
    {
        foreach (var slot in _slots)
            for (var (digit, rest) = (slot + Slot.Length - 1, number); digit >= slot; digit--, rest /= 10)
                _request[digit] = (byte)('0' + (rest % 10));
        return _request;
    }

    /// <summary>The request for a count from 0 with a number from 1.</summary>
    public ReadOnlyMemory<byte> From1(int index) => With(index + 1);

    /// <summary>A text with a number where the slot is.</summary>
    public static string Text(string text, int number) =>
        text.Replace(Slot, number.ToString("D8", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
