using System.Globalization;
using System.Text;

namespace Darkroom.Benchmarks.Profile;

/// <summary>A call's time by operator and by part of the network, in Markdown.</summary>
/// <param name="run">The call.</param>
/// <param name="peak">GFLOP/s that a matrix product reaches on the machine.</param>
internal sealed class ProfileReport(ProfiledRun run, double peak)
{
    /// <summary>Operators below this share of the time stand together.</summary>
    private const double Little = 0.005;

    private readonly double all = run.Nodes.Sum(node => node.Milliseconds);

    public string Text(string title)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"#### {title}: {run.Milliseconds:F1} ms, of which {all:F1} ms in {run.Nodes.Count} nodes; a matrix product reaches {peak:F0} GFLOP/s");
        text.AppendLine();
        var types = run.Nodes.GroupBy(node => node.OpType).OrderByDescending(Time).ToArray();
        Table(text, "operator", [.. types.Where(type => Time(type) >= Little * all).Select(type => (type.Key, type.ToArray())),
            ("others", [.. types.Where(type => Time(type) < Little * all).SelectMany(type => type)])]);
        text.AppendLine();
        var parts = run.Nodes.Zip(NetworkPart.Of(run.Nodes.Select(node => node.Name))).GroupBy(pair => pair.Second, pair => pair.First);
        Table(text, "part", [.. parts.Select(part => (part.Key, part.ToArray()))]);
        return text.ToString();
    }

    private void Table(StringBuilder text, string title, IEnumerable<(string Name, ProfiledNode[] Nodes)> lines)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"| {title} | nodes | GFLOP | ms | share | GFLOP/s | of the peak |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var (name, nodes) in lines.Where(line => line.Nodes.Length > 0)) Line(text, name, nodes);
        Line(text, "all", run.Nodes);
    }

    private void Line(StringBuilder text, string name, IReadOnlyCollection<ProfiledNode> nodes)
    {
        double ms = Time(nodes), flops = nodes.Sum(NodeCost.Flops) / 1e9, rate = ms > 0 ? 1000 * flops / ms : 0;
        string speed = flops > 0 ? string.Create(CultureInfo.InvariantCulture, $"{flops:F2} | {ms:F1} | {ms / all:P1} | {rate:F0} | {rate / peak:P0}")
            : string.Create(CultureInfo.InvariantCulture, $"– | {ms:F1} | {ms / all:P1} | – | –");
        text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {nodes.Count} | {speed} |");
    }

    private static double Time(IEnumerable<ProfiledNode> nodes) => nodes.Sum(node => node.Milliseconds);
}
