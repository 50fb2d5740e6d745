using Mach.Server.Commands;
using Mach.Server.Hosting;

namespace Mach.Server.Tests;

public sealed class DemoCommandTests
{
    [Theory]
    [InlineData("http://0.0.0.0:5080", 0)]
    [InlineData("http://0.0.0.0:5080", 1)]
    [InlineData("http://*:5080", 1)]
    [InlineData("http://127.0.0.1:5080;http://192.168.1.4:5080", 0)]
    [InlineData("http://benhvien.example:80", 1)]
    public void A_demonstration_refuses_other_machines_unless_told_twice(string urls, int told) =>
        Assert.Throws<HubException>(() => DemoCommand.RefuseExposure(urls, told));

    [Theory]
    [InlineData("http://127.0.0.1:5080", 0)]
    [InlineData("http://localhost:0", 0)]
    [InlineData("http://[::1]:5080", 0)]
    [InlineData("http://0.0.0.0:5080", 2)]
    [InlineData("http://*:5080", 2)]
    public void The_loopback_address_and_the_twice_told_are_taken(string urls, int told) => DemoCommand.RefuseExposure(urls, told);

    [Fact]
    public void Nonsense_is_no_address()
    {
        var e = Assert.Throws<HubException>(() => DemoCommand.RefuseExposure("five thousand", 2));
        Assert.Contains("http://127.0.0.1:5080", e.Message, StringComparison.Ordinal);
    }
}
