using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families.UNets;

/// <summary>
/// A model's variants, by their LoRAs and weights, by how their pictures wrap round, and by what of them is observed.
/// One that nobody uses is kept, so that the next who asks finds its parts in memory if they are there still;
/// of many the least recently used go. Any thread may ask.
/// </summary>
/// <param name="graphs">The model's parts.</param>
/// <param name="parts">diffusers' names of those that LoRAs change, the denoiser first, and kohya's prefixes of their layers.</param>
internal sealed class UNetVariants(UNetGraphs graphs, IReadOnlyList<(string Part, string[] Prefixes)> parts) : IDisposable
{
    /// <summary>A variant whose parts are not in memory takes some kilobytes for each layer that it changes.</summary>
    private const int MaxKept = 16;

    private readonly Lock gate = new();
    private readonly OrderedDictionary<string, Entry> entries = new(StringComparer.Ordinal); // the least recently used first
    private IReadOnlyList<PartLayers>? layers;

    /// <summary>A variant, made where there is none yet.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="own">Makes its parts; LoRAs or null: none.</param>
    /// <param name="model">Makes the model of them.</param>
    /// <exception cref="GraphException">A LoRA cannot be merged into this model; the message names it.</exception>
    public ModelVariant Use(VariantChoice choice, Func<string, LoraMerge?, UNetParts> own, Func<UNetParts, IDiffusionModel> model)
    {
        string key = choice.Key;
        List<Entry> left = [];
        Entry entry;
        lock (gate)
        {
            // Made under the gate: who asks for the same at the same time gets the same.
            if (!entries.Remove(key, out entry!))
            {
                var merge = choice.Loras.Count == 0 ? null
                    : LoraMerge.Of(choice.Loras, layers ??= [.. parts.Select(part => new PartLayers(part.Part, part.Prefixes, graphs.WeightsOf(part.Part)))]);
                var made = own(key, merge);
                entry = new(made, model(made));
            }
            entry.Uses++;
            entries[key] = entry;
            foreach (var (other, old) in entries.Where(one => one.Value.Uses == 0).Take(Math.Max(0, entries.Count - MaxKept)).ToArray())
            {
                entries.Remove(other);
                left.Add(old);
            }
        }
        foreach (var old in left) old.Parts.Dispose();
        return new(entry.Model, () =>
        {
            lock (gate) entry.Uses--;
        });
    }

    public void Dispose()
    {
        Entry[] all;
        lock (gate)
        {
            all = [.. entries.Values];
            entries.Clear();
        }
        foreach (var entry in all) entry.Parts.Dispose();
    }

    private sealed class Entry(UNetParts parts, IDiffusionModel model)
    {
        public UNetParts Parts => parts;
        public IDiffusionModel Model => model;
        public int Uses { get; set; }
    }
}
