namespace IoTJobsEmulator.Storage;

/// <summary>
/// Reads a column of texts, row by row. Where a row has the same text as the row before, it gets the same value, without decoding or
/// conversion: rows of a fleet share most of their texts, and values never change. EF and ADO.NET make a new string for each row.
/// </summary>
internal sealed class TextColumn<T>(int place, TextPool pool, Func<string, T> convert)
{
    private byte[] _utf8 = new byte[64];
    private int _length = -1;
    private T _value = default!;

    public T Read(SelectStatement row)
    {
        var utf8 = row.Text(place);
        if (utf8.Length == _length && utf8.SequenceEqual(_utf8.AsSpan(0, _length)))
            return _value;
        _value = convert(pool.GetOrAdd(utf8));
        if (_utf8.Length < utf8.Length)
            _utf8 = new byte[utf8.Length];
        utf8.CopyTo(_utf8);
        _length = utf8.Length;
        return _value;
    }
}
