using System.Globalization;
using System.Text;

namespace Darkroom.Engine.Scheduling;

/// <summary>A batch as the log shows it when its call fails: what shared it, and no prompt.</summary>
internal static class PlanText
{
    public static string Of(Batch batch)
    {
        var text = new StringBuilder();
        var key = batch.Key;
        text.Append(CultureInfo.InvariantCulture, $"{key.Model} {key.Kind.Name} [{key.Shape.Channels}, {key.Shape.Height}, {key.Shape.Width}]");
        if (key.Signature.Length > 0) text.Append(CultureInfo.InvariantCulture, $" {key.Signature}");
        if (key.Timestep is { } timestep) text.Append(CultureInfo.InvariantCulture, $" timestep {timestep}");
        text.Append(batch.Width == CallWidth.Narrow ? ", narrow:" : ", wide:");
        foreach (var evaluation in batch.Evaluations) text.Append(CultureInfo.InvariantCulture, $" {evaluation.Row}.{evaluation.Lane}");
        return text.ToString();
    }
}
