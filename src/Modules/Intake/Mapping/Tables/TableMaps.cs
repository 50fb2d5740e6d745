using System.Collections.Concurrent;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping.Tables;

/// <summary>The maps by shape of table, compiled on first use.</summary>
internal static class TableMaps
{
    private static readonly ConcurrentDictionary<BhytTable, TableMap> s_maps = new(ReferenceEqualityComparer.Instance as IEqualityComparer<BhytTable>);

    public static TableMap For(BhytTable table) => s_maps.TryGetValue(table, out var map) ? map : s_maps.GetOrAdd(table, Compile);

    private static TableMap Compile(BhytTable table) => table.Name switch
    {
        "XML0" or "XML1" => new VisitMap(table),
        "XML2" => new MedicationMap(table),
        "XML3" => new ServiceMap(table),
        "XML4" => new ResultMap(table),
        "XML5" => new NoteMap(table),
        "XML6" => new HivMap(table),
        "XML13" => new ReferralMap(table),
        "XML14" => new AppointmentMap(table),
        "XML15" => new TuberculosisMap(table),
        _ => new PaperMap(table),
    };
}
