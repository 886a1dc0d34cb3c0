namespace IoTJobsEmulator.Storage;

/// <summary>
/// A column of texts that is read row by row. What the row before held is held by this one as the same value: rows of a fleet share
/// most of their texts, and values never change.
/// </summary>
internal sealed class TextColumn<T>(int place, NamePool names, Func<string, T> convert)
{
    private byte[] _utf8 = new byte[64];
    private int _length = -1;
    private T _value = default!;

    public T In(Query query)
    {
        var utf8 = query.Text(place);
        if (utf8.Length == _length && utf8.SequenceEqual(_utf8.AsSpan(0, _length)))
            return _value;
        _value = convert(names.Of(utf8));
        if (_utf8.Length < utf8.Length)
            _utf8 = new byte[utf8.Length];
        utf8.CopyTo(_utf8);
        _length = utf8.Length;
        return _value;
    }
}
