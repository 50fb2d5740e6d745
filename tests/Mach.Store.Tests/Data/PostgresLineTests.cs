using Mach.Data;

namespace Mach.Store.Tests.Data;

public sealed class PostgresLineTests
{
    [Theory]
    [InlineData("Host=10.0.0.7;Database=mach"), InlineData("Host=db.example.vn;Database=mach;SSL Mode=Require"), InlineData("Host=localhost,db.example.vn;Database=mach"), InlineData("Host=db.example.vn:5433;Database=mach;SSL Mode=Prefer")]
    public void Another_machine_without_a_checked_certificate_is_told(string connection) => Assert.True(PostgresLine.IsOpen(connection));

    [Theory]
    [InlineData("Host=127.0.0.1;Database=mach"), InlineData("Host=localhost:5433;Database=mach"), InlineData("Host=::1;Database=mach"), InlineData("Host=/var/run/postgresql;Database=mach"), InlineData("Host=db.example.vn;Database=mach;SSL Mode=VerifyFull"), InlineData("Host=db.example.vn;Database=mach;SSL Mode=VerifyCA")]
    public void The_own_machine_and_a_checked_certificate_are_not(string connection) => Assert.False(PostgresLine.IsOpen(connection));
}
