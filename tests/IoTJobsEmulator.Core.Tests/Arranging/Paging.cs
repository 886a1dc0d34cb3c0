namespace IoTJobsEmulator.Core.Tests.Arranging;

internal static class Paging
{
    /// <summary>All pages of a list, the entries of each joined by spaces.</summary>
    public static List<string> Pages(Func<string?, (IEnumerable<string> Entries, string? NextToken)> list)
    {
        List<string> pages = [];
        string? token = null;
        do
        {
            (var entries, token) = list(token);
            pages.Add(string.Join(' ', entries));
            Assert.True(pages.Count < 100, "The list does not end.");
        }
        while (token is not null);
        return pages;
    }
}
