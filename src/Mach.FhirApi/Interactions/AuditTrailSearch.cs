using System.Globalization;
using Mach.Access;
using Mach.Access.Audit;
using Mach.FhirApi.Presentation;
using Mach.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Interactions;

/// <summary>
/// The audit trail as AuditEvents, for data officers: GET [base]/AuditEvent/id and [base]/AuditEvent?… answer from the trail, never from the search index. AuditEvents that programs wrote are
/// resources like any other; a data officer finds them with <c>_source:not=urn:mach:audit-trail</c>.
/// </summary>
/// <remarks>Source: http://hl7.org/fhir/R4/auditevent.html#search; docs/adr/0016.</remarks>
internal static class AuditTrailSearch
{
    private const string SourceNot = "_source:not", Patient = "Patient/";
    private const int Usual = 20, Most = 1000;

    /// <summary>A data officer who asks for AuditEvents, and not for those that programs wrote.</summary>
    public static bool Answers(FhirCall call, string type, IReadOnlyList<KeyValuePair<string, string>> asked) =>
        type == "AuditEvent" && call.User.HasRole(Roles.DataOfficer) && !asked.Any(IsOthers);

    /// <summary>What is left to ask the record store.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> WithoutSource(string type, IReadOnlyList<KeyValuePair<string, string>> asked) =>
        type == "AuditEvent" && asked.Any(IsOthers) ? [.. asked.Where(p => !IsOthers(p))] : asked;

    /// <returns>False when the trail has no such line: it may be a resource.</returns>
    public static async Task<bool> ReadAsync(FhirCall call, string type, string id)
    {
        if (!Answers(call, type, []) || await Reader(call).FindAsync(id, call.Aborted) is not { } line || !MaySee(call, line))
        {
            return false;
        }

        await FhirAnswer.SendShapedAsync(call, type, AuditEvents.Write(line, call.Base));
        return true;
    }

    public static async Task SearchAsync(FhirCall call, IReadOnlyList<KeyValuePair<string, string>> asked)
    {
        var wanted = new Wanted(call, asked);
        var total = wanted.NeedsTotal ? await wanted.TotalAsync() : (long?)null;
        var page = call.Shape.IsCount ? new AuditPage([], null) : await wanted.PageAsync();
        if (wanted.Filter.Person is { } person && page.Lines.Count > 0)
        {
            call.Context.Audit().ShowPerson(person);
        }

        var pairs = asked.Where(p => p.Key != Search.Cursor).ToList();
        var now = call.Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        using var bundle = new BundleWriter(call.Base, "searchset", now, total, Link(pairs, wanted.Cursor), page.Next is null ? null : Link(pairs, page.Next));
        if (page.Lines.Count > 0)
        {
            bundle.StartEntries();
            using var buffer = new PooledBuffer();
            foreach (var line in page.Lines)
            {
                buffer.Clear();
                call.Shape.Write("AuditEvent", AuditEvents.Write(line, call.Base).Span, buffer);
                bundle.WriteMade("AuditEvent", line.Id, buffer.Written.Span);
            }

            bundle.EndEntries();
        }

        await FhirAnswer.SendAsync(call, bundle.End());

        string Link(List<KeyValuePair<string, string>> all, string? cursor) =>
            $"{call.Base}/AuditEvent" + string.Concat(all.Append(new(Search.Cursor, cursor ?? "")).Where(p => p.Value.Length > 0).Select((p, i) => (i == 0 ? '?' : '&') + Uri.EscapeDataString(p.Key) + "=" + Uri.EscapeDataString(p.Value)));
    }

    private static bool IsOthers(KeyValuePair<string, string> pair) => pair.Key == SourceNot && pair.Value == AuditEvents.Source;

    private static AuditReader Reader(FhirCall call) => call.Context.RequestServices.GetRequiredService<AuditReader>();

    /// <summary>An officer who is bound to a facility sees what its accounts did.</summary>
    private static bool MaySee(FhirCall call, AuditLine line) => call.User.BoundFacility() is not { } bound || line.Entry.Facility == bound;

    /// <summary>The question, read.</summary>
    private sealed class Wanted
    {
        private readonly FhirCall _call;
        private readonly int _count = Usual;
        private readonly bool _oldestFirst;
        private readonly string? _id;
        // Conditions that contradict each other: nothing is found.
        private readonly bool _isEmpty;

        /// <exception cref="FhirProblem">400: a parameter that the trail does not have, or a value that cannot be.</exception>
        public Wanted(FhirCall call, IReadOnlyList<KeyValuePair<string, string>> asked)
        {
            _call = call;
            Filter = new AuditFilter(Facility: call.User.BoundFacility());
            call.Shape = ResourceShape.Of(asked);
            NeedsTotal = call.Shape.IsCount;
            foreach (var (name, value) in asked.Where(p => p.Value.Length > 0))
            {
                switch (name)
                {
                    case "patient" or "patient:Patient":
                        Filter = Filter with { Person = One(Filter.Person, Id(value, name), ref _isEmpty) };
                        break;
                    case "entity" or "entity:Patient":
                        Filter = Filter with { Person = One(Filter.Person, name == "entity" && !value.StartsWith(Patient, StringComparison.Ordinal) ? throw Bad(name, "The trail is searched by entities that are a Patient: entity=Patient/id.") : Id(value, name), ref _isEmpty) };
                        break;
                    case "agent" or "agent-name" or "agent:identifier":
                        Filter = Filter with { Actor = One(Filter.Actor, value[(value.LastIndexOf('|') + 1)..], ref _isEmpty) };
                        break;
                    case "address":
                        Filter = Filter with { Address = One(Filter.Address, value, ref _isEmpty) };
                        break;
                    case "action":
                        Filter = Filter with { Action = One(Filter.Action, Code(value) switch { "C" => AuditAction.Create, "R" => AuditAction.Read, "U" => AuditAction.Update, "D" => AuditAction.Delete, "E" => AuditAction.Execute, _ => throw Bad(name, "action is C, R, U, D or E.") }, ref _isEmpty) };
                        break;
                    case "outcome":
                        Filter = Filter with { Outcome = One(Filter.Outcome, Code(value) switch { "0" => AccessOutcome.Ok, "4" => AccessOutcome.Failed, "8" => AccessOutcome.Denied, _ => throw Bad(name, "outcome is 0 (done), 4 (failed) or 8 (refused).") }, ref _isEmpty) };
                        break;
                    case "type":
                        Filter = Filter with { IsSignIn = One(Filter.IsSignIn, Code(value) switch { "rest" => false, "110114" => true, _ => throw Bad(name, "type is rest, or 110114 for sign-ins.") }, ref _isEmpty) };
                        break;
                    case "subtype":
                        Filter = Filter with { What = One(Filter.What, value.StartsWith(AuditEvents.Doors + "|", StringComparison.Ordinal) ? Code(value) : throw Bad(name, $"subtype is searched by the name of a door: {AuditEvents.Doors}|fhir-read."), ref _isEmpty) };
                        break;
                    case "date":
                        Filter = Within(Filter, value);
                        break;
                    case "_id":
                        _id = value;
                        break;
                    case "_source" when value == AuditEvents.Source:
                        break;
                    case "_count":
                        _count = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Min(count, Most) : throw Bad(name, "_count is a whole number.");
                        NeedsTotal |= _count == 0;
                        break;
                    case "_sort":
                        _oldestFirst = value is "date" ? true : value is "-date" ? false : throw Bad(name, "The trail is sorted by date or -date.");
                        break;
                    case "_total":
                        NeedsTotal |= value == "accurate";
                        break;
                    case Search.Cursor:
                        Cursor = value;
                        break;
                    case ResourceShape.Summary or ResourceShape.Elements:
                        break;
                    default:
                        if (!call.Lenient)
                        {
                            throw Bad(FhirCall.Shorten(name), $"The audit trail is not searched by {FhirCall.Shorten(name)}; patient, entity, agent, address, date, action, outcome, type, subtype, _id, _count, _sort and _total are. AuditEvents that programs wrote: {SourceNot}={AuditEvents.Source}.");
                        }

                        break;
                }
            }
        }

        public AuditFilter Filter { get; private set; }

        public string? Cursor { get; }

        public bool NeedsTotal { get; }

        public async Task<AuditPage> PageAsync()
        {
            if (_isEmpty || _count == 0)
            {
                return new AuditPage([], null);
            }

            if (_id is not null)
            {
                return new AuditPage(await Reader(_call).FindAsync(_id, _call.Aborted) is { } line && MaySee(_call, line) ? [line] : [], null);
            }

            return await Reader(_call).ListAsync(Filter, _count, Cursor, _call.Aborted, _oldestFirst);
        }

        public async Task<long> TotalAsync() => _isEmpty ? 0 : _id is not null ? (await PageAsync()).Lines.Count : await Reader(_call).CountAsync(Filter, _call.Aborted);

        private static T One<T>(T? before, T now, ref bool isEmpty)
        {
            isEmpty |= before is not null && !Equals(before, now);
            return now;
        }

        private static T? One<T>(T? before, T now, ref bool isEmpty) where T : struct
        {
            isEmpty |= before is not null && !Equals(before.Value, now);
            return now;
        }

        private static string Code(string token) => token[(token.LastIndexOf('|') + 1)..];

        private static string Id(string reference, string name)
        {
            var id = reference[(reference.LastIndexOf('/') + 1)..];
            return FhirCall.IsId(id) ? id : throw Bad(name, $"{name} is Patient/id.");
        }

        /// <summary>Prefixes eq, ge, gt, le, lt as http://hl7.org/fhir/R4/search.html#date has them; what has no zone is as in Viet Nam.</summary>
        private static AuditFilter Within(AuditFilter filter, string value)
        {
            if (value.Length < 3)
            {
                throw Bad("date", "date is yyyy, yyyy-MM, yyyy-MM-dd or an instant, with eq, ge, gt, le or lt before it.");
            }

            var prefix = char.IsAsciiLetter(value[0]) ? value[..2] : "eq";
            if (!PartialDate.TryParseFhir(value.AsSpan(char.IsAsciiLetter(value[0]) ? 2 : 0), out var date))
            {
                throw Bad("date", "date is yyyy, yyyy-MM, yyyy-MM-dd or an instant, with eq, ge, gt, le or lt before it.");
            }

            var (low, high) = (Us(date.Low), Us(date.High));
            return prefix switch
            {
                "eq" => After(Before(filter, high), low),
                "ge" => After(filter, low),
                "gt" or "sa" => After(filter, high),
                "le" => Before(filter, high),
                "lt" or "eb" => Before(filter, low),
                _ => throw Bad("date", "date has eq, ge, gt, le or lt before it."),
            };
        }

        private static AuditFilter After(AuditFilter filter, long from) => filter with { FromUs = Math.Max(filter.FromUs ?? long.MinValue, from) };

        private static AuditFilter Before(AuditFilter filter, long to) => filter with { ToUs = Math.Min(filter.ToUs ?? long.MaxValue, to) };

        private static long Us(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

        private static FhirProblem Bad(string name, string what) => new(StatusCodes.Status400BadRequest, "not-supported", what, name);
    }
}
