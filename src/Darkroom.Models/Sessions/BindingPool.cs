using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>
/// The buffers of a session between calls. A call takes those of its shapes, or makes some; so calls at the same time have each their own. Of those that wait
/// for a call the least recently used goes when they become too many.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="inputs">Of its graph.</param>
/// <param name="device">Of the session; null: its memory is the machine's own.</param>
internal sealed class BindingPool(InferenceSession session, IReadOnlyList<GraphPort> inputs, SessionDevice? device)
{
    private readonly Lock gate = new();
    private readonly List<GraphBinding> free = []; // the most recently used first

    /// <summary>How many wait at most.</summary>
    public int Kept { get; set; } = 8;

    /// <param name="shapes">Full shape of every input.</param>
    /// <param name="outputs">Names of the outputs wanted.</param>
    public GraphBinding Take(IReadOnlyList<long[]> shapes, IReadOnlyList<string> outputs)
    {
        lock (gate)
        {
            for (int i = 0; i < free.Count; i++)
            {
                if (!free[i].IsFor(shapes, outputs)) continue;
                var found = free[i];
                free.RemoveAt(i);
                return found;
            }
        }
        return new GraphBinding(session, [.. inputs.Zip(shapes)], outputs, device);
    }

    public void Return(GraphBinding binding)
    {
        GraphBinding? oldest = null;
        lock (gate)
        {
            free.Insert(0, binding);
            // One that was captured stays: its capture cannot be given back, and is of no use without it.
            int captured = 0;
            foreach (var one in free)
                if (one.IsCaptured) captured++;
            if (free.Count - captured > Kept)
            {
                int last = free.FindLastIndex(static one => !one.IsCaptured);
                oldest = free[last];
                free.RemoveAt(last);
            }
        }
        oldest?.Dispose();
    }

    /// <summary>Frees what waits, but for what was captured.</summary>
    public void Clear() => Clear(static binding => !binding.IsCaptured);

    /// <summary>Frees all that waits, for the end of the session.</summary>
    public void Close() => Clear(static _ => true);

    private void Clear(Predicate<GraphBinding> which)
    {
        List<GraphBinding> gone;
        lock (gate)
        {
            gone = free.FindAll(which);
            free.RemoveAll(which);
        }
        foreach (var binding in gone) binding.Dispose();
    }
}
