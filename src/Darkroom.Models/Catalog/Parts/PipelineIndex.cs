using System.Text.Json;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>What <c>model_index.json</c> says: the pipeline's class and its parts.</summary>
/// <param name="ClassName">diffusers' or optimum's pipeline class; null where the file does not say.</param>
/// <param name="Present">Names of the parts that the folder has.</param>
/// <param name="Absent">Names that the file lists as <c>[null, null]</c>.</param>
internal sealed record PipelineIndex(string? ClassName, IReadOnlySet<string> Present, IReadOnlySet<string> Absent)
{
    public const string Name = "model_index.json";

    /// <summary>Options of the pipeline that are true or false.</summary>
    public IReadOnlyDictionary<string, bool> Flags { get; private init; } = new Dictionary<string, bool>();

    /// <summary>The class without the marks that exporters put before it; null where the file does not say.</summary>
    public string? Pipeline => ((string[])["Onnx", "ORT"]).FirstOrDefault(mark => ClassName?.StartsWith(mark, StringComparison.Ordinal) == true) is { } mark
        ? ClassName![mark.Length..]
        : ClassName;

    public static PipelineIndex? Read(string root, FaultList faults)
    {
        if (JsonFile.Read(root, Name, faults) is not { } fields) return null;
        var present = new SortedSet<string>(StringComparer.Ordinal);
        var absent = new SortedSet<string>(StringComparer.Ordinal);
        var flags = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var entry in fields.Json.EnumerateObject())
        {
            if (entry.Value.ValueKind is JsonValueKind.True or JsonValueKind.False) flags[entry.Name] = entry.Value.GetBoolean();
            if (entry.Name.StartsWith('_') || entry.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) continue; // an option
            if (entry.Value.ValueKind == JsonValueKind.Array && entry.Value.GetArrayLength() == 2 && IsPart(entry.Value[0], entry.Value[1]))
                (entry.Value[1].ValueKind == JsonValueKind.Null ? absent : present).Add(entry.Name);
            else
                fields.Fault(entry.Name, $"expected [library, class], found {JsonFields.Describe(entry.Value)}");
        }
        return new(fields.Text("_class_name", 200), present, absent) { Flags = flags };
    }

    /// <summary>For a file of weights: without text encoders that it has no tensors of, whatever the configurations of its family have.</summary>
    public PipelineIndex Of(ModelPlace place) => place.IsFile
        ? this with { Present = Present.Where(part => !part.StartsWith("text_encoder", StringComparison.Ordinal) || place.MayHave(part)).ToHashSet() }
        : this;

    /// <summary>Parts that a layout needs and the file denies.</summary>
    public void CheckAgainst(FolderLayout layout, FaultList faults)
    {
        foreach (string part in layout.Required.Where(Absent.Contains))
            faults.Add(Name, $"{part}: is absent ([null, null]), but pictures cannot be made without it");
    }

    private static bool IsPart(JsonElement library, JsonElement type) =>
        (library.ValueKind, type.ValueKind) is (JsonValueKind.String or JsonValueKind.Null, JsonValueKind.String) or (JsonValueKind.Null, JsonValueKind.Null);
}
