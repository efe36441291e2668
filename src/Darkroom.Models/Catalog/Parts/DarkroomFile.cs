using Darkroom.Models.Checkpoints;
using Darkroom.Models.Fields;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs.Quantising;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>
/// What <c>darkroom.json</c> says: the things that diffusers' files cannot. Its author is a user of this server, so a key it does not know is a fault.
/// </summary>
internal sealed record DarkroomFile
{
    public const string Name = "darkroom.json";
    public const int MaxSide = Fields.SizeType.Max;
    private static readonly HashSet<string> Known = ["title", "licence", "notes", "native_size", "max_size", "size_step", "precision", "defaults"];

    public string? Title { get; private init; }
    public string? Licence { get; private init; }
    public string? Notes { get; private init; }
    public int? NativeSize { get; private init; }
    public int? MaxSize { get; private init; }
    public int? SizeStep { get; private init; }
    public WeightPrecision Precision { get; private init; }
    public ModelDefaults Defaults { get; private init; } = new();

    /// <param name="place">Of a file of weights the card may also name the folder of its configurations.</param>
    public static DarkroomFile Read(ModelPlace place, FaultList faults)
    {
        if (JsonFile.Read(place.CardFolder, place.CardName, faults, required: false, strict: true) is not { } fields) return new();
        string[] known = place.IsFile ? ["config", .. Known] : [.. Known];
        foreach (string key in fields.Names.Where(key => !known.Contains(key)))
            fields.Fault(key, $"is not a key of this file; known are {string.Join(", ", known)}");
        return new()
        {
            Title = fields.Text("title", 200),
            Licence = fields.Text("licence", 200),
            Notes = fields.Text("notes", 10_000),
            NativeSize = fields.Integer("native_size", 8, MaxSide),
            MaxSize = fields.Integer("max_size", 8, MaxSide),
            SizeStep = fields.Integer("size_step", 1, 4096),
            Precision = fields.Word("precision", WeightPrecisions.Words) is { } precision ? WeightPrecisions.Find(precision)!.Value : WeightPrecision.Auto,
            Defaults = fields.Object("defaults") is { } defaults ? DefaultsReader.Read(defaults) : new(),
        };
    }

    /// <summary>Sizes must fit each other and the autoencoder.</summary>
    public void CheckAgainst(ModelDescription model, FaultList faults)
    {
        if (model.SizeStep % model.LatentFactor != 0)
            faults.Add(Name, $"size_step: {model.SizeStep} is not a multiple of the autoencoder's factor {model.LatentFactor}");
        if (MaxSize is { } max && max < model.SizeStep) faults.Add(Name, $"max_size: {max} is below the size step {model.SizeStep}");
        Check("native_size", NativeSize);
        Check("defaults.width", (long?)Defaults.Find(FieldTable.Width));
        Check("defaults.height", (long?)Defaults.Find(FieldTable.Height));
        DefaultsReader.CheckAgainst(model, (field, reason) => faults.Add(Name, $"defaults.{field}: {reason}"));

        void Check(string field, long? size)
        {
            if (size is not { } value) return;
            if (value >= model.SizeStep && value % model.SizeStep != 0)
                faults.Add(Name, $"{field}: {value} is not a multiple of the size step {model.SizeStep}");
            if (value < model.SizeStep) faults.Add(Name, $"{field}: {value} is below the size step {model.SizeStep}");
            else if (value > model.MaxSize) faults.Add(Name, $"{field}: {value} is above the largest size {model.MaxSize}");
        }
    }
}
