using System.Globalization;
using Mach.Demo.Catalogue;
using Mach.Demo.Life;

namespace Mach.Demo.Writing;

/// <summary>What is examined, tested, done and given on a visit, with its times inside the visit.</summary>
internal sealed class Orders(ulong seed, Medicine medicine)
{
    /// <summary>Supplies that an operation uses up.</summary>
    private static readonly Dictionary<string, (string Code, decimal Quantity)[]> UsedBy = new(StringComparer.Ordinal)
    {
        ["KXC"] = [("N06.04.020", 1), ("N02.01.040", 5)],
        ["KXT"] = [("N06.04.020", 1), ("N02.01.040", 4)],
        ["KXD"] = [("N06.04.033", 1), ("N02.01.040", 3)],
        ["TKH"] = [("N06.02.060", 1), ("N02.01.040", 8)],
        ["PHA"] = [("N06.06.010", 1)],
        ["LTH"] = [("N05.02.030", 3), ("N02.01.040", 6)],
        ["RTH"] = [("N05.02.030", 1), ("N02.01.040", 3)],
        ["TMA"] = [("N05.02.030", 2), ("N02.01.040", 5)],
        ["TVB"] = [("N05.02.030", 2), ("N02.01.040", 3)],
        ["HDF"] = [("N07.06.020", 0.167m)],
    };

    public Bill For(Visit visit, Dice dice)
    {
        var bill = new Bill();
        var seen = visit.Start.AddMinutes(8);
        bill.Services.Add(new BillLine { Service = visit.Facility.Kind == "station" ? medicine.Service("EXTYT") : visit.Protocol.Exam, Quantity = 1, Ordered = seen, Done = seen.AddMinutes(2) });
        if (visit.Tests)
        {
            Tests(visit, bill, seen.AddMinutes(6), dice);
        }

        if (visit.InBed)
        {
            Bed(visit, bill);
            StayDrugs(visit, bill, dice);
        }
        else
        {
            OutpatientDrugs(visit, bill, dice);
        }

        return bill;
    }

    private void Tests(Visit visit, Bill bill, DateTime ordered, Dice dice)
    {
        var ordersOf = visit.Form == "05" ? visit.Also.Take(1).SelectMany(c => c.Protocol.Tests) : [];
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var test in visit.Protocol.Tests.Concat(ordersOf))
        {
            if ((!test.Sometimes || dice.Chance(0.5)) && done.Add(test.Service.Id))
            {
                Add(test.Service, 1, ordered, 0);
            }
        }

        if (visit.InBed && visit.Days >= 5)
        {
            var again = visit.Start.Date.AddDays(visit.Days - 2).AddHours(6).AddMinutes(dice.Below(50));
            foreach (var test in visit.Protocol.Tests.Where(t => !t.Sometimes).Take(2))
            {
                Add(test.Service, 1, again, visit.Days - 2);
            }
        }

        foreach (var procedure in visit.FollowUp ? [] : visit.Protocol.Procedures)
        {
            var service = procedure.Service;
            if (procedure.Sometimes && dice.Chance(0.55))
            {
                continue;
            }

            var daily = visit.InBed && service.Id is "DCH" or "XBB" or "SNG" or "KDU";
            Add(service, daily && visit.InBed ? visit.Days - 1 : 1, service.Group == 8 ? ordered.AddMinutes(60) : ordered, 0);
            foreach (var (code, quantity) in UsedBy.GetValueOrDefault(service.Id) ?? [])
            {
                bill.Services.Add(new BillLine { Supply = medicine.Supplies[code], Quantity = quantity, Ordered = ordered.AddMinutes(5), Done = ordered.AddMinutes(10) });
            }
        }

        void Add(Service service, decimal quantity, DateTime at, int stayDay)
        {
            var start = at.AddMinutes(dice.Between(4, 12));
            var end = start.AddMinutes(service.Minutes);
            var limit = visit.End.AddMinutes(-6);
            bill.Services.Add(new BillLine { Service = service, Quantity = quantity, Ordered = at, Done = start, Result = end < limit ? end : limit, StayDay = stayDay });
        }
    }

    private void Bed(Visit visit, Bill bill)
    {
        var bed = visit.Protocol.Department switch
        {
            "K18" => "GINHI",
            "K11" or "K13" => "GITRU",
            "K19" or "K28" or "K30" => "GINGO",
            "K24" or "K20" => "GICTC",
            "K27" => "GISAN",
            "K48" => "GIHSC",
            "K16" => "GIYHC",
            _ => "GINOI",
        };
        bill.Services.Add(new BillLine { Service = medicine.Service(bed), Quantity = visit.Days - 1, Ordered = visit.Start.AddMinutes(50), Done = visit.Start.AddMinutes(60) });
        if (visit.Protocol.Drugs.Any(d => d.Alternatives[0].Drug.Route == "2.15"))
        {
            bill.Services.Add(new BillLine { Supply = medicine.Supplies["N03.03.070"], Quantity = 1, Ordered = visit.Start.AddMinutes(60), Done = visit.Start.AddMinutes(65) });
        }
    }

    private void OutpatientDrugs(Visit visit, Bill bill, Dice dice)
    {
        if (visit.Days == 0)
        {
            return;
        }

        var given = new HashSet<string>(StringComparer.Ordinal);
        var at = visit.End.AddMinutes(-25);
        Give(visit.Protocol, visit.Form == "05" || visit.Extra is not null ? Stable(visit.Person.Index, visit.Protocol) : dice, 9);
        foreach (var condition in visit.Form is "05" or "08" ? visit.Also : [])
        {
            Give(condition.Protocol, Stable(visit.Person.Index, condition.Protocol), 2);
        }

        void Give(Protocol protocol, Dice choice, int most)
        {
            foreach (var item in protocol.Drugs)
            {
                var (drug, perDay, fixedUnits) = item.Alternatives[choice.Below(item.Alternatives.Count)];
                var wanted = !item.Sometimes || choice.Chance(0.45);
                if (!wanted || most == 0 || (visit.FollowUp && drug.Route[0] == '2') || !given.Add(drug.Id))
                {
                    continue;
                }

                most--;
                bill.Drugs.Add(new BillLine
                {
                    Drug = drug,
                    Quantity = fixedUnits > 0 ? fixedUnits : perDay * visit.Days,
                    Ordered = at,
                    Done = visit.Facility.Kind == "station" ? null : at.AddMinutes(12),
                    Dose = fixedUnits > 0 ? $"{fixedUnits} {Lower(drug.Unit)} dùng theo chỉ dẫn" : Dose(drug, perDay, visit.Days),
                    Advice = drug.Route == "1.01" ? Advice(perDay) : "Dùng theo hướng dẫn của bác sĩ",
                });
            }
        }
    }

    private static void StayDrugs(Visit visit, Bill bill, Dice dice)
    {
        var step = visit.Days > 5 ? 2 : 1;
        foreach (var item in visit.Protocol.Drugs)
        {
            var (drug, perDay, fixedUnits) = item.Alternatives[dice.Below(item.Alternatives.Count)];
            if (item.Sometimes && !dice.Chance(0.5))
            {
                continue;
            }

            for (var day = 0; day < visit.Days - 1; day += step)
            {
                var days = Math.Min(step, visit.Days - 1 - day);
                var at = day == 0 ? visit.Start.AddMinutes(90) : visit.Start.Date.AddDays(day).AddHours(8).AddMinutes(dice.Below(30));
                bill.Drugs.Add(new BillLine
                {
                    Drug = drug,
                    Quantity = fixedUnits > 0 ? fixedUnits : perDay * days,
                    Ordered = at,
                    Done = at.AddMinutes(20),
                    Dose = fixedUnits > 0 ? $"{fixedUnits} {Lower(drug.Unit)}/lần * 1 lần/ngày * 1 ngày [{fixedUnits} {Lower(drug.Unit)}/ngày]" : Dose(drug, perDay, days),
                    Advice = "Theo y lệnh",
                    StayDay = day,
                });
                if (fixedUnits > 0)
                {
                    break;
                }
            }
        }
    }

    private Dice Stable(long person, Protocol protocol) => Dice.For(seed, person, Streams.Regimen, protocol.Key);

    /// <summary>LIEU_DUNG as QĐ 130 asks: amount each time * times a day * days [amount a day].</summary>
    private static string Dose(Drug drug, int perDay, int days)
    {
        var times = perDay <= 4 ? perDay : perDay % 3 == 0 ? 3 : perDay % 4 == 0 ? 4 : 1;
        var unit = Lower(drug.Unit);
        return string.Create(CultureInfo.InvariantCulture, $"{perDay / times} {unit}/lần * {times} lần/ngày * {days} ngày [{perDay} {unit}/ngày]");
    }

    private static string Advice(int perDay) => perDay switch
    {
        1 => "Uống sáng sau ăn",
        2 => "Uống sáng, tối sau ăn",
        3 => "Uống sáng, trưa, tối sau ăn",
        _ => "Uống chia đều trong ngày sau ăn",
    };

    private static string Lower(string unit) => char.ToLowerInvariant(unit[0]) + unit[1..];
}
