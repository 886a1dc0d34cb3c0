using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace IoTJobsEmulator.Core.Operations;

/// <summary>
/// A page of a list. It starts after a place in the list's order, not after a count, so it stays right while rows come and go:
/// what keeps its place is listed once, exactly. The token names the operation and the last row's place.
/// Source: the pagination members of the List operations, <c>maxResults</c> 1 to 250 and <c>nextToken</c>.
/// </summary>
public static class Page
{
    /// <summary>Rows on a page when the caller does not say; AWS does not document it, paginators do not see it.</summary>
    public const int DefaultSize = 250;

    private const char Separator = '\n';

    /// <summary>The place that a token names, in as many parts as were written, or null without a token.</summary>
    public static string[]? ReadToken(string operation, string? nextToken, int parts)
    {
        if (string.IsNullOrEmpty(nextToken))
            return null;
        if (!Base64Url.IsValid(nextToken))
            throw InvalidToken();
        var place = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(nextToken)).Split(Separator);
        return place.Length == parts + 1 && place[0] == operation ? place[1..] : throw InvalidToken();
    }

    /// <summary>The number in a part of a token.</summary>
    public static long ParseNumber(string part) =>
        long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw InvalidToken();

    /// <summary>Takes a page from the rows that come after the place, and writes the token of the next one if there are more.</summary>
    public static (ValueList<TView> Views, string? NextToken) Take<TRow, TView>(
        string operation, IEnumerable<TRow> rows, int? maxResults, Func<TRow, TView> view, Func<TRow, object[]> place)
    {
        var size = maxResults ?? DefaultSize;
        var views = new List<TView>(size);
        TRow? last = default;
        foreach (var row in rows)
        {
            if (views.Count == size)
                return (ValueList<TView>.Wrap(views), WriteToken(operation, place(last!)));
            views.Add(view(row));
            last = row;
        }
        return (ValueList<TView>.Wrap(views), null);
    }

    private static string WriteToken(string operation, object[] place) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, [operation, .. place.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part}"))])));

    internal static ServiceException InvalidToken() => ServiceError.InvalidRequest.Because("Next token is invalid.");
}
