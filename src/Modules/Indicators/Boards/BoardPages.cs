using System.Globalization;
using System.Security.Cryptography;
using Mach.Access;
using Mach.Access.Web;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Boards;

/// <summary>Dashboards: looked at, put together on a page, shown on a wall. What is on one is asked by the rights of who looks.</summary>
internal static class BoardPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/boards", List).WithName("ind-boards").RequireAuthorization(Policies.ReadIndicators);
        routes.MapPost("/indicators/boards", Make).WithName("ind-board-make").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/boards/{board}", Show).WithName("ind-board").RequireAuthorization(Policies.ReadIndicators);
        routes.MapPost("/indicators/boards/{board}", Throw).WithName("ind-board-throw").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/boards/{board}/edit", Edit).WithName("ind-board-form").RequireAuthorization(Policies.ReadIndicators);
        routes.MapPost("/indicators/boards/{board}/edit", Save).WithName("ind-board-save").RequireAuthorization(Policies.ReadIndicators);
    }

    internal static async Task<IResult> List(BoardBook book, HttpContext http, CancellationToken ct) =>
        UiModule.Page<BoardsPage>(new { Boards = await book.ListAsync(http.User.AccountName(), ct), Who = http.User.AccountName() });

    /// <summary>A new board: a copy of <c>of</c>, or one with the first indicator alone.</summary>
    internal static async Task<IResult> Make(BoardBook book, HttpContext http, CancellationToken ct)
    {
        var (who, of) = (http.User.AccountName(), (await http.Request.FormAsync(ct))["of"].ToString());
        var model = of.Length == 0 ? null : await book.FindAsync(of, ct);
        if (of.Length > 0 && (model is null || model.IsGone || !model.MaySee(who)))
        {
            return TypedResults.NotFound();
        }

        var name = model is null ? Words.T["board-new-name"] : Words.T.Format("board-copy-name", model.Name);
        var board = new Board(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)), 0, who, name.Length > Board.LongestName ? name[..Board.LongestName] : name, false, false, null, model?.Tiles ?? [new Tile("number", ScorecardPages.First)]);
        await book.WriteAsync(board, ct);
        return TypedResults.LocalRedirect(board.Href + "/edit");
    }

    /// <summary>present=on: without anything around it, made anew each minute, for a wall.</summary>
    internal static async Task<IResult> Show(BoardBook book, BoardReader reader, Counter counter, TimeProvider clock, HttpContext http, string board, string? present, CancellationToken ct)
    {
        var (scope, who) = (Scope.Of(http), http.User.AccountName());
        if (await book.FindAsync(board, ct) is not { } found || !found.MaySee(who) || (found.IsGone && found.Owner != who))
        {
            return TypedResults.NotFound();
        }

        return UiModule.Page<BoardPage>(new
        {
            Board = found,
            Tiles = found.IsGone ? [] : await reader.AskAsync(found, scope, Dates.Today(clock), ct),
            Scope = scope,
            SeesPeople = IndicatorPages.SeesPeople(http),
            MayEdit = found.Owner == who,
            Counted = await counter.PlaceAsync(ct),
            IsPresented = present == "on",
        });
    }

    /// <summary>act=throw throws the board away, act=restore takes it back.</summary>
    internal static async Task<IResult> Throw(BoardBook book, HttpContext http, string board, CancellationToken ct)
    {
        var typed = await http.Request.FormAsync(ct);
        var (found, refusal) = await OwnAsync(book, http, board, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        if (typed["act"].ToString() is not ("throw" or "restore") || !int.TryParse(typed["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
        {
            return IndicatorPages.Wrong(Words.T["finding-no-act"]);
        }

        return found!.Version == seen && await book.WriteAsync(found with { IsGone = typed["act"] == "throw" }, ct) ? TypedResults.LocalRedirect(found.Href) : Overtaken();
    }

    internal static async Task<IResult> Edit(BoardBook book, DefinitionBook definitions, HttpContext http, string board, CancellationToken ct)
    {
        var (found, refusal) = await OwnAsync(book, http, board, ct);
        return refusal ?? await FormAsync(definitions, found!, null, null, ct);
    }

    /// <summary>act: add, up-N, down-N, remove-N change what is on the form; save keeps it. seen: the version that was opened.</summary>
    internal static async Task<IResult> Save(BoardBook book, DefinitionBook definitions, TimeProvider clock, HttpContext http, string board, CancellationToken ct)
    {
        var typed = await http.Request.FormAsync(ct);
        var (found, refusal) = await OwnAsync(book, http, board, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!int.TryParse(typed["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
        {
            return IndicatorPages.Wrong(Words.T["finding-no-act"]);
        }

        var tiles = new List<Tile>();
        for (var i = 0; i < Board.MostTiles && typed.ContainsKey($"kind-{i}"); i++)
        {
            tiles.Add(new(typed[$"kind-{i}"].ToString(), typed[$"indicator-{i}"].ToString(), typed[$"by-{i}"].ToString(), typed[$"period-{i}"].ToString(), typed[$"wide-{i}"] == "on"));
        }

        var act = typed["act"].ToString().Split('-');
        var at = act.Length == 2 && int.TryParse(act[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n < tiles.Count ? n : -1;
        switch (act[0])
        {
            case "add" when tiles.Count < Board.MostTiles:
                tiles.Add(tiles.Count > 0 ? tiles[^1] : new Tile("number", ScorecardPages.First));
                break;
            case "remove" when at >= 0:
                tiles.RemoveAt(at);
                break;
            case "up" when at > 0:
                (tiles[at - 1], tiles[at]) = (tiles[at], tiles[at - 1]);
                break;
            case "down" when at >= 0 && at < tiles.Count - 1:
                (tiles[at + 1], tiles[at]) = (tiles[at], tiles[at + 1]);
                break;
        }

        var draft = found! with { Version = seen, Name = typed["name"].ToString().Trim(), IsShared = typed["shared"] == "on", IsGone = false, Tiles = tiles };
        if (act[0] != "save")
        {
            return await FormAsync(definitions, draft, null, null, ct);
        }

        var indicators = (await definitions.CurrentAsync(ct)).ToDictionary(i => i.Code, StringComparer.Ordinal);
        var problems = tiles.Select((t, i) => t.Problem(indicators, Dates.Today(clock)) is { } problem ? Words.T.Format("board-problem-at", i + 1, Words.T[problem]) : null).OfType<string>()
            .Concat(draft.Name.Length is 0 or > Board.LongestName ? [Words.T.Format("board-no-name", Board.LongestName)] : []).ToList();
        return problems.Count > 0 ? await FormAsync(definitions, draft, problems, StatusCodes.Status400BadRequest, ct)
            : found.Version == seen && await book.WriteAsync(draft, ct) ? TypedResults.LocalRedirect(draft.Href)
            : await FormAsync(definitions, draft, [Words.T["board-overtaken"]], StatusCodes.Status409Conflict, ct);
    }

    /// <summary>The board of the caller; a board of somebody else is not changed, one that the caller may not see is not there.</summary>
    private static async Task<(Board? Board, IResult? Refusal)> OwnAsync(BoardBook book, HttpContext http, string id, CancellationToken ct)
    {
        var who = http.User.AccountName();
        return await book.FindAsync(id, ct) is not { } board || !board.MaySee(who) || (board.IsGone && board.Owner != who) ? (null, TypedResults.NotFound()) : board.Owner == who ? (board, null) : (null, Results.Forbid());
    }

    private static RazorComponentResult<WrongPage> Overtaken()
    {
        var page = (RazorComponentResult<WrongPage>)IndicatorPages.Wrong(Words.T["board-overtaken"]);
        page.StatusCode = StatusCodes.Status409Conflict;
        return page;
    }

    private static async Task<IResult> FormAsync(DefinitionBook definitions, Board draft, IReadOnlyList<string>? problems, int? status, CancellationToken ct)
    {
        var page = UiModule.Page<BoardEditPage>(new { Board = draft, Indicators = await definitions.CurrentAsync(ct), Problems = problems ?? [] });
        page.StatusCode = status;
        return page;
    }
}
