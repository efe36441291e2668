using Darkroom.Models.Checkpoints.Loras.Formulas;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs;
using Darkroom.Models.Networks;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>A list of LoRAs laid over a model: which weights of which parts change, and how. It keeps places in files, no values.</summary>
internal sealed class LoraMerge
{
    private readonly Dictionary<(string Part, string Weight), List<Step>> steps = [];
    private readonly Dictionary<(string Part, string Weight), long> sizes = [];
    private readonly List<string> warnings = [];

    private LoraMerge()
    {
    }

    /// <summary>What was left out, for the caller.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Paths of the LoRAs.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Matches LoRAs with the layers of a model.</summary>
    /// <param name="loras">In the order in which they are merged.</param>
    /// <param name="parts">Of the model, those that LoRAs can change; the denoiser first.</param>
    /// <exception cref="GraphException">One is no LoRA, or is for another kind of model; the message names it.</exception>
    public static LoraMerge Of(IReadOnlyList<LoraChoice> loras, IReadOnlyList<PartLayers> parts)
    {
        var merge = new LoraMerge { Files = [.. loras.Select(lora => lora.Path)] };
        foreach (var lora in loras)
        {
            try
            {
                merge.Add(lora, LoraFile.Read(lora.Path), parts);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw new GraphException($"LoRA '{lora.Id}' {(e is InvalidDataException ? e.Message : "cannot be read: " + FileFault.PlainReason(e))}",
                    e is InvalidDataException ? GraphFault.Misfit : GraphFault.Unavailable, e);
            }
        }
        return merge;
    }

    /// <summary>Whether any weight of a part changes.</summary>
    public bool Changes(string part) => steps.Keys.Any(key => key.Part == part);

    /// <summary>Bytes that the changed weights of a part take in memory as float32.</summary>
    public long BytesOf(string part) => sizeof(float) * sizes.Where(size => size.Key.Part == part).Sum(size => size.Value);

    /// <summary>A part's weights as they are with the LoRAs.</summary>
    public IWeights Over(string part, IWeights weights) => new MergedWeights(new(this, part), weights);

    /// <summary>Has an exported graph of a part compute with its weights as they are with the LoRAs.</summary>
    public void Change(string part, OnnxModel graph) => GraphLayers.Of(graph).Change(new PartChanges(this, part).Of);

    private void Add(LoraChoice lora, LoraFile file, IReadOnlyList<PartLayers> parts)
    {
        int found = 0;
        string? missed = null;
        foreach (var layer in file.Layers)
        {
            if (parts.Select(part => (Part: part, Targets: part.Find(layer.Name))).FirstOrDefault(one => one.Targets.Count > 0) is not { Part: { } part } match)
            {
                missed ??= layer.Name;
                continue;
            }
            found++;
            double weight = part == parts[0] ? lora.Weight : lora.TextWeight;
            if (weight == 0) continue;
            if (LoraFormula.Of(layer) is { } formula)
            {
                Check(lora, layer, formula, part, match.Targets);
                foreach (var target in match.Targets) Add(target, new(layer, target, weight), part);
            }
            if (layer.Find(LoraRole.BiasDifference) is not { } bias) continue;
            if (part.BiasOf(match.Targets) is not { } place || bias.Count != place.Count)
                throw Misfit(lora, $"its layer '{layer.Name}' has a bias that the model's has not");
            Add(place, new(new(layer.Name, new Dictionary<LoraRole, StoredTensor> { [LoraRole.Difference] = bias }), place, weight), part);
        }
        if (found == 0)
            throw Misfit(lora, $"it has no layer that the model has: its first is '{missed}'");
        if (missed is not null || file.Others > 0)
        {
            string[] left =
            [
                .. missed is null ? (string[])[]
                    : [$"{file.Layers.Count - found} of its {file.Layers.Count} layers match none of the model's and were left out, '{missed}' first"],
                .. file.Others == 0 ? (string[])[] : [$"{file.Others} of its tensors belong to no layer of a LoRA and were left out"],
            ];
            warnings.Add($"lora '{lora.Id}': {string.Join("; ", left)}");
        }
    }

    private void Add(LoraTarget target, Step step, PartLayers part)
    {
        var key = (target.Part, target.Weight);
        sizes[key] = part.SizeOf(target.Weight);
        if (!steps.TryGetValue(key, out var list)) steps[key] = list = [];
        list.Add(step);
    }

    private static void Check(LoraChoice lora, LoraLayer layer, LoraFormula formula, PartLayers part, IReadOnlyList<LoraTarget> targets)
    {
        long rows = targets.Sum(target => target.Count), columns = part.Layers[targets[0].Weight[..^".weight".Length]].Columns;
        if (formula.Rows != rows || formula.Columns != columns)
            throw Misfit(lora, $"its layer '{layer.Name}' is [{formula.Rows}, {formula.Columns}] where the model's is [{rows}, {columns}]");
        if (layer.Find(LoraRole.Magnitude) is not { } magnitude) return;
        if (LoraChange.OverColumns(layer, formula) ? targets.Count > 1 || magnitude.Count == 0 || columns % magnitude.Count != 0 : magnitude.Count != rows)
            throw layer.Fault($"has magnitudes of {StoredTensor.TextOf(magnitude.Shape)}, which do not go with its size of [{rows}, {columns}]");
    }

    private static GraphException Misfit(LoraChoice lora, string reason) => new(
        $"LoRA '{lora.Id}' is for another kind of model: {reason}", GraphFault.Misfit);

    /// <summary>One layer of a LoRA and where it is added.</summary>
    private sealed record Step(LoraLayer Layer, LoraTarget Target, double Weight);

    private sealed class PartChanges(LoraMerge merge, string part)
    {
        private readonly Dictionary<LoraLayer, LoraFormula> formulas = new(ReferenceEqualityComparer.Instance); // several weights may share a layer

        /// <summary>A weight, to be changed as it is read where LoRAs are for it.</summary>
        public StoredTensor Of(string name, StoredTensor tensor)
        {
            if (!merge.steps.TryGetValue((part, name), out var steps)) return tensor;
            var changes = new List<IWeightChange>();
            foreach (var step in steps)
            {
                IWeightChange[] before = [.. changes];
                if (!formulas.TryGetValue(step.Layer, out var formula)) formulas[step.Layer] = formula = LoraFormula.Of(step.Layer)!;
                changes.Add(new LoraChange(step.Layer, formula, step.Target, step.Weight, () => WholeOf(tensor, before)));
            }
            return tensor.With(changes);
        }

        private static float[] WholeOf(StoredTensor tensor, IWeightChange[] before)
        {
            float[] values = tensor.ReadFloats();
            foreach (var change in before) change.Apply(values, 0, (int)(tensor.Count / tensor.Shape[0]));
            return values;
        }
    }

    private sealed class MergedWeights(PartChanges changes, IWeights weights) : IWeights
    {
        public StoredTensor? Find(string name) => weights.Find(name) is { } tensor ? changes.Of(name, tensor) : null;
    }
}
