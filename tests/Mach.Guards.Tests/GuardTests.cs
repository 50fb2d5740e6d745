namespace Mach.Guards.Tests;

/// <summary>The layout is the architecture. Each guard has a twin that must fail, so that a guard cannot go blind.</summary>
public sealed class GuardTests
{
    [Fact]
    public void Rooms_reference_only_what_they_may() => Assert.Empty(Rules.References(House.Projects));

    [Fact]
    public void Twin_a_module_that_references_a_module_is_caught() =>
        Assert.NotEmpty(Rules.References([new ProjectFile("Mach.Chart", "src/Modules/Chart", ["Mach.People"], [])]));

    [Fact]
    public void Only_the_data_room_knows_a_driver() => Assert.Empty(Rules.Drivers(House.Projects, House.Sources));

    [Fact]
    public void Twin_a_driver_elsewhere_is_caught()
    {
        Assert.NotEmpty(Rules.Drivers([new ProjectFile("Mach.Store", "src/Mach.Store", [], ["Npgsql"])], []));
        Assert.NotEmpty(Rules.Drivers([], [new SourceFile("src/Mach.Store/X.cs", "using Npgsql;")]));
    }

    [Fact]
    public void Pure_rooms_stay_pure() => Assert.Empty(Rules.Purity(House.Sources));

    [Fact]
    public void Twin_a_clock_in_a_pure_room_is_caught() =>
        Assert.NotEmpty(Rules.Purity([new SourceFile("src/Mach.Kernel/X.cs", "TimeProvider clock")]));

    [Fact]
    public void Sql_touches_only_the_rooms_own_tables() => Assert.Empty(Rules.Tables(House.Sources));

    [Fact]
    public void Twin_sql_on_the_record_tables_in_a_module_is_caught() =>
        Assert.NotEmpty(Rules.Tables([new SourceFile("src/Modules/Intake/X.cs", "SELECT body FROM ver WHERE seq = @s")]));

    [Fact]
    public void No_file_is_two_rooms_long() => Assert.Empty(Rules.Lengths(House.Sources));

    [Fact]
    public void Twin_a_long_file_is_caught() =>
        Assert.NotEmpty(Rules.Lengths([new SourceFile("src/Mach.Store/X.cs", new string('\n', 401))]));

    [Fact]
    public void Nothing_unfinished_is_left() => Assert.Empty(Rules.Leftovers(House.Sources));

    [Fact]
    public void Twin_a_stub_is_caught() =>
        Assert.NotEmpty(Rules.Leftovers([new SourceFile("src/Mach.Store/X.cs", "throw new NotImplementedException();")]));

    [Fact]
    public void Pages_carry_no_inline_code() => Assert.Empty(Rules.InlineCode(House.Sources));

    [Fact]
    public void Twin_an_inline_handler_is_caught() =>
        Assert.NotEmpty(Rules.InlineCode([new SourceFile("src/Mach.Ui/X.razor", "<a onclick=\"x()\">")]));
}
