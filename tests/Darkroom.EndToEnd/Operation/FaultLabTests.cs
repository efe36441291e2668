using Darkroom.TestKit.Faults;

namespace Darkroom.EndToEnd.Operation;

/// <summary>
/// The fault lab in its short form; <c>bench faults --long</c> does the same for longer. A worker that is stopped and a database that is away are in
/// <see cref="ClusterTests"/>.
/// </summary>
public sealed class FaultLabTests
{
    [Theory]
    [InlineData("kill")]
    [InlineData("disk")]
    [InlineData("clock")]
    [InlineData("objects")]
    [InlineData("sockets")]
    [InlineData("soak")]
    public async Task Whatever_happens_to_the_server_its_promises_hold(string name)
    {
        var outcome = await FaultLab.RunAsync(FaultLab.All.Single(scenario => scenario.Name == name), FaultScale.Short);
        Assert.True(outcome.Notes.Findings.Count == 0, string.Join(Environment.NewLine, outcome.Notes.Findings));
        Assert.SkipWhen(outcome.Notes.Skipped is not null, outcome.Notes.Skipped ?? "");
        Assert.NotEmpty(outcome.Notes.Figures);
    }
}
