using FsCheck;
using FsCheck.Fluent;
using IoTJobsEmulator.Core.Operations;
using static IoTJobsEmulator.Core.Tests.State.ExecutionScript;

namespace IoTJobsEmulator.Core.Tests.Operations;

/// <summary>The pages of a list, on the executions of a job.</summary>
public sealed class PageTests
{
    private static readonly Arbitrary<int> Sizes = Arb.From(Gen.Choose(1, 4));

    private readonly Realm _realm = new TestRealm();

    /// <summary>Pages are read one after the other while rows come, go and change between them.</summary>
    [Fact]
    public void What_keeps_its_place_is_listed_exactly_once() => Prop.ForAll(Scripts, Scripts, Sizes, (before, meanwhile, size) =>
    {
        Realm realm = new TestRealm();
        Play(realm, before);
        var there = realm.Executions.All.Where(row => row.JobId == "job-1").Select(row => row.Ordinal).ToHashSet();
        List<long> listed = [];
        string? token = null;
        var pages = 0;
        do
        {
            var page = ListOfJob(realm, size, token);
            Assert.True(page.Ordinals.Count == size || page.NextToken is null);
            Assert.False(page.Ordinals.Count == 0 && pages == 0 && there.Count > 0);
            listed.AddRange(page.Ordinals);
            token = page.NextToken;
            Play(realm, [.. meanwhile.Skip(pages * 3).Take(3)]);
            pages++;
        }
        while (token is not null && pages < 1000);

        Assert.Equal(listed.Distinct().Count(), listed.Count);
        Assert.Equal(listed.OrderDescending(), listed);
        Assert.Superset(there.Intersect(realm.Executions.All.Select(row => row.Ordinal)).ToHashSet(), listed.ToHashSet());
    }).Check(RandomInputs.Config());

    [Fact]
    public void An_exactly_full_last_page_has_no_token()
    {
        foreach (var number in Enumerable.Range(1, 4))
            _realm.Executions.Put(Row(number));

        var first = ListOfJob(_realm, 2, null);
        var second = ListOfJob(_realm, 2, first.NextToken);

        Assert.Equal([4, 3, 2, 1], first.Ordinals.Concat(second.Ordinals));
        Assert.Null(second.NextToken);
        Assert.Null(ListOfJob(_realm, null, null).NextToken);
        Assert.Null(ListOfJob(_realm, 4, null).NextToken);
    }

    [Fact]
    public void Without_a_number_a_page_has_250()
    {
        foreach (var number in Enumerable.Range(1, 251))
            _realm.Executions.Put(Row(number));
        var page = ListOfJob(_realm, null, null);
        Assert.Equal((250, true), (page.Ordinals.Count, page.NextToken is not null));
    }

    [Fact]
    public void A_token_is_read_only_by_the_operation_that_wrote_it()
    {
        _realm.Executions.Put(Row(1));
        _realm.Executions.Put(Row(2));
        var token = ListOfJob(_realm, 1, null).NextToken!;

        Assert.Equal(["-2"], Page.ReadToken("List", token, 1)!);
        Assert.Null(Page.ReadToken("List", null, 1));
        Assert.Null(Page.ReadToken("List", "", 1));
        foreach (var (operation, text, parts) in new[] { ("ListThings", token, 1), ("List", token, 2), ("List", token[1..], 1), ("List", "%", 1), ("List", " ", 1), ("List", "~~~", 1) })
        {
            var refusal = Assert.Throws<ServiceException>(() => Page.ReadToken(operation, text, parts));
            Assert.Equal((ServiceError.InvalidRequest, "Next token is invalid."), (refusal.Error, refusal.Message));
        }
        Assert.Equal("Next token is invalid.", Assert.Throws<ServiceException>(() => Page.ParseNumber("two")).Message);
        Assert.Equal(-2, Page.ParseNumber("-2"));
    }

    private static (List<long> Ordinals, string? NextToken) ListOfJob(Realm realm, int? maxResults, string? nextToken)
    {
        var place = Page.ReadToken("List", nextToken, 1) is [var last] ? Page.ParseNumber(last) : long.MinValue;
        var rows = realm.Executions.OfJob.MergedRowsAfter(Enum.GetValues<JobExecutionStatus>().Select(status => new StatusOfJob("job-1", status, false)), place);
        var (views, next) = Page.Take("List", rows, maxResults, row => row.Ordinal, row => [-row.Ordinal]);
        return ([.. views], next);
    }
}
