namespace Mach.People.Matching;

/// <summary>
/// Where learning begins: what a clerk would guess. Match, household, stranger for each level. It names the three kinds, and holds the levels that a register is too small to show.
/// </summary>
internal static class Start
{
    public static WeightTable Table { get; } = Make();

    private static WeightTable Make()
    {
        var chances = new double[Level.Fields * Level.Count * WeightTable.Kinds];
        void Set(Field field, params (byte Level, double Match, double Household, double Stranger)[] levels)
        {
            foreach (var (level, match, household, stranger) in levels)
            {
                chances[WeightTable.At((int)field, level, (int)PairKind.Match)] = match;
                chances[WeightTable.At((int)field, level, (int)PairKind.Household)] = household;
                chances[WeightTable.At((int)field, level, (int)PairKind.Stranger)] = stranger;
            }
        }

        Set(Field.Family, (Level.Same, 0.93, 0.55, 0.15), (Level.Toneless, 0.05, 0.04, 0.01), (Level.Marks, 0.003, 0.002, 0.004), (Level.Near, 0.01, 0.002, 0.004), (Level.Differs, 0.007, 0.406, 0.832));
        Set(Field.Middle, (Level.Same, 0.88, 0.3, 0.2), (Level.Toneless, 0.05, 0.02, 0.02), (Level.Marks, 0.005, 0.005, 0.01), (Level.Near, 0.01, 0.005, 0.01), (Level.Part, 0.04, 0.06, 0.06), (Level.Differs, 0.015, 0.61, 0.7));
        Set(Field.Given, (Level.Same, 0.93, 0.004, 0.015), (Level.Toneless, 0.05, 0.001, 0.001), (Level.Marks, 0.003, 0.02, 0.003), (Level.Near, 0.012, 0.02, 0.01), (Level.Differs, 0.005, 0.955, 0.971));
        Set(Field.Order, (Level.Same, 0.985, 0.99, 0.99), (Level.Differs, 0.015, 0.01, 0.01));
        Set(Field.Birth, (Level.Same, 0.93, 0.01, 4E-05), (Level.Swapped, 0.01, 0.0001, 4E-05), (Level.OnePart, 0.02, 0.01, 0.004), (Level.YearOnly, 0.03, 0.003, 0.003), (Level.SameYear, 0.004, 0.01, 0.012), (Level.Differs, 0.005, 0.3, 0.2), (Level.Far, 0.001, 0.6669, 0.78));
        Set(Field.Sex, (Level.Same, 0.992, 0.48, 0.5), (Level.Differs, 0.008, 0.52, 0.5));
        Set(Field.Commune, (Level.Same, 0.93, 0.97, 0.012), (Level.Differs, 0.07, 0.03, 0.988));
        Set(Field.Place, (Level.Same, 0.88, 0.9, 0.04), (Level.Differs, 0.12, 0.1, 0.96));
        Set(Field.Phone, (Level.Same, 0.8, 0.35, 1E-06), (Level.Differs, 0.2, 0.65, 0.999999));
        Set(Field.Citizen, (Level.Same, 0.99, 1E-06, 1E-07), (Level.Near, 0.006, 0.001, 1E-05), (Level.Differs, 0.004, 0.999, 0.99999));
        Set(Field.Insurance, (Level.Same, 0.97, 0.0001, 1E-07), (Level.Near, 0.006, 0.001, 1E-05), (Level.Differs, 0.024, 0.9989, 0.99999));
        Set(Field.Paper, (Level.Same, 0.98, 1E-05, 1E-07), (Level.Differs, 0.02, 0.99999, 0.99999));
        Set(Field.Mother, (Level.Same, 0.93, 0.85, 0.001), (Level.Near, 0.03, 0.02, 0.003), (Level.Differs, 0.04, 0.13, 0.996));
        Set(Field.BirthOrder, (Level.Same, 0.99, 0.05, 0.9), (Level.Differs, 0.01, 0.95, 0.1));
        return new WeightTable(WeightTable.WithUnknown(chances), new NameFrequencies([new Dictionary<string, double>(), new Dictionary<string, double>(), new Dictionary<string, double>()]), "start");
    }
}
