using System.Globalization;

namespace Mach.Demo.Catalogue;

/// <param name="Code">Active-ingredient code of the common list (40.x), or of traditional medicine (05C.x).</param>
/// <param name="PriceDong">Price of one unit, đồng.</param>
internal sealed record Drug(string Id, string Code, string Name, string Strength, string Unit, string Route, string Form, decimal PriceDong);

/// <param name="Group">MA_NHOM: 1 laboratory, 2 imaging, 3 function test, 8 surgery, 13 examination, 15/16 bed, 18 procedure.</param>
/// <param name="Minutes">From order to result, or length of a procedure.</param>
internal sealed record Service(string Id, string Code, string Name, int Group, decimal PriceDong, int Minutes, string Machine, string Icd9, string Finding, string Conclusion)
{
    public List<Indicator> Indicators { get; } = [];
}

/// <summary>One measured value with its spread in healthy people.</summary>
internal sealed record Indicator(int Number, string Code, string Name, string Unit, string ServiceId, double ManMean, double ManSd, double WomanMean, double WomanSd, int Decimals, double Least, double Most);

/// <param name="PriceDong">Price of one unit, đồng.</param>
internal sealed record Supply(string Code, string Name, string Unit, decimal PriceDong);

/// <summary>How a disease moves an indicator, and by how much a year of illness or treatment moves it on.</summary>
internal readonly record struct Effect(double Mean, double Sd, double PerYear);

/// <summary>What is given, tested and done: the demonstration's own small catalogue (no list of the insurance is copied).</summary>
internal sealed class Medicine
{
    private readonly Dictionary<string, Drug> _drugs;
    private readonly Dictionary<string, Service> _services;
    private readonly Dictionary<string, string> _diseases;
    private readonly Dictionary<(string Protocol, string Indicator), Effect> _effects = [];
    private readonly Dictionary<string, Protocol> _protocols;
    private readonly Dictionary<(string Protocol, string Service), (string Description, string Conclusion)> _findings = [];

    public Medicine()
    {
        _drugs = Tsv.Read("drugs", 8, f => new Drug(f[0], f[1], f[2], f[3], f[4], f[5], f[6], Money(f[7]))).ToDictionary(d => d.Id, StringComparer.Ordinal);
        _services = Tsv.Read("services", 10, f => new Service(f[0], f[1], f[2], Whole(f[3]), Money(f[4]), Whole(f[5]), f[6], f[7], f[8], f[9])).ToDictionary(s => s.Id, StringComparer.Ordinal);
        _diseases = Tsv.Read("diseases", 2, f => f).ToDictionary(f => f[0], f => f[1], StringComparer.Ordinal);
        var number = 0;
        foreach (var i in Tsv.Read("indicators", 11, f => new Indicator(number++, f[0], f[1], f[2], f[3], Real(f[4]), Real(f[5]), Real(f[6]), Real(f[7]), Whole(f[8]), Real(f[9]), Real(f[10]))))
        {
            _services[i.ServiceId].Indicators.Add(i);
        }

        foreach (var f in Tsv.Read("effects", 5, f => f))
        {
            _effects[(f[0], f[1])] = new Effect(Real(f[2]), Real(f[3]), Real(f[4]));
        }

        foreach (var f in Tsv.Read("findings", 4, f => f))
        {
            _findings[(f[0], f[1])] = (f[2], f[3]);
        }

        Supplies = Tsv.Read("supplies", 4, f => new Supply(f[0], f[1], f[2], Money(f[3]))).ToDictionary(s => s.Code, StringComparer.Ordinal);
        _protocols = Tsv.Read("protocols", 16, f => new Protocol(f, this)).ToDictionary(p => p.Id, StringComparer.Ordinal);
        Chronic = Of("chronic");
        Acute = Of("acute");
        Stays = [.. Of("stay").Where(p => p.HasRate)];
        Epidemics = Of("epidemic");
    }

    public IReadOnlyList<Protocol> Chronic { get; }
    public IReadOnlyList<Protocol> Acute { get; }
    /// <summary>Reasons for a stay in hospital that come by age and season; the others belong to a course.</summary>
    public IReadOnlyList<Protocol> Stays { get; }
    public IReadOnlyList<Protocol> Epidemics { get; }
    public IReadOnlyDictionary<string, Supply> Supplies { get; }

    /// <summary>In the order of the list.</summary>
    public IEnumerable<Service> Services => _services.Values;

    public Drug Drug(string id) => _drugs[id];
    public Service Service(string id) => _services[id];
    public Protocol Protocol(string id) => _protocols[id];
    public string Disease(string icd) => _diseases[icd];
    public Effect? EffectOf(string protocol, string indicator) => _effects.TryGetValue((protocol, indicator), out var e) ? e : null;

    /// <summary>What the reader of an image or a tracing writes: the disease's finding, else the normal one.</summary>
    public (string Description, string Conclusion) Reading(string protocol, Service service) =>
        _findings.TryGetValue((protocol, service.Id), out var found) ? found : (service.Finding, service.Conclusion);

    internal static double Real(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    internal static int Whole(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    private static decimal Money(string text) => decimal.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private List<Protocol> Of(string kind) => [.. _protocols.Values.Where(p => p.Kind == kind)];
}
