using Mach.Demo.Catalogue;

namespace Mach.Demo.Writing;

/// <summary>One line that costs money: a drug (XML2) or a service, bed or supply (XML3).</summary>
internal sealed class BillLine
{
    public Drug? Drug { get; init; }
    public Service? Service { get; init; }
    public Supply? Supply { get; init; }
    public required decimal Quantity { get; init; }
    public required DateTime Ordered { get; init; }
    public DateTime? Done { get; init; }
    public DateTime? Result { get; init; }
    public string Dose { get; init; } = "";
    public string Advice { get; init; } = "";
    /// <summary>Day of the stay, from 0; later measurements come nearer to normal.</summary>
    public int StayDay { get; init; }

    public decimal PriceDong => Drug?.PriceDong ?? Service?.PriceDong ?? Supply!.PriceDong;
    public int Group => Drug is not null ? 4 : Service?.Group ?? 10;

    /// <summary>THANH_TIEN_BV, THANH_TIEN_BH, T_BHTT, T_BNCCT, T_BNTT; set by <see cref="Bill.Split"/>.</summary>
    public decimal Hospital { get; set; }
    public decimal Insured { get; set; }
    public decimal Fund { get; set; }
    public decimal CoPay { get; set; }
    public decimal Own { get; set; }
}

/// <summary>All lines of a visit and how they are paid, after QĐ 130/4750 (vietnam-formats §1.5).</summary>
internal sealed class Bill
{
    /// <summary>Below 15 % of the base salary of the day the patient shares no cost (NĐ 146/2018, NĐ 188/2025).</summary>
    private static readonly (DateOnly From, decimal Dong)[] BaseSalary =
        [(new(2019, 7, 1), 1_490_000), (new(2023, 7, 1), 1_800_000), (new(2024, 7, 1), 2_340_000)];

    public List<BillLine> Drugs { get; } = [];
    public List<BillLine> Services { get; } = [];
    /// <summary>MUC_HUONG: percent the fund pays; 0 without insurance.</summary>
    public int Percent { get; private set; }
    public bool Insured { get; private set; }

    public IEnumerable<BillLine> Lines => Drugs.Concat(Services);

    /// <param name="card">Card of 15 characters, or null for a patient who pays.</param>
    public void Split(string? card, bool atStation, DateOnly day)
    {
        Insured = card is not null;
        var total = 0m;
        foreach (var line in Lines)
        {
            line.Hospital = Round(line.Quantity * line.PriceDong);
            line.Insured = Insured ? line.Hospital : 0;
            total += line.Insured;
        }

        Percent = !Insured ? 0 : atStation || total < 0.15m * BaseSalaryOn(day) ? 100
            : card![2] switch { '1' or '2' or '5' => 100, '3' => 95, _ => 80 };
        foreach (var line in Lines)
        {
            line.Fund = Round(line.Insured * Percent / 100);
            line.CoPay = line.Insured - line.Fund;
            line.Own = line.Hospital - line.Insured;
        }
    }

    private static decimal BaseSalaryOn(DateOnly day)
    {
        var dong = BaseSalary[0].Dong;
        foreach (var (from, value) in BaseSalary)
        {
            if (day >= from)
            {
                dong = value;
            }
        }

        return dong;
    }

    private static decimal Round(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);
}
