using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Fields;
using Darkroom.Models.Files;

namespace Darkroom.Models.Loras;

/// <summary>What <c>NAME.darkroom.json</c> beside a LoRA says: how pictures with it are made where a request does not say.</summary>
internal static class LoraCard
{
    public static string PathOf(string file) => Path.Combine(Path.GetDirectoryName(file)!, NameOf(file));

    public static string NameOf(string file) => Path.GetFileNameWithoutExtension(file) + ModelPlace.CardEnd;

    /// <summary>Its defaults; null where there is no card, or it has none.</summary>
    public static ModelDefaults? Read(string file, FaultList faults)
    {
        if (JsonFile.Read(Path.GetDirectoryName(file)!, NameOf(file), faults, required: false, strict: true) is not { } fields) return null;
        foreach (string key in fields.Names.Where(key => key != "defaults")) fields.Fault(key, "is not a key of this file; defaults alone is known");
        return fields.Object("defaults") is { } defaults ? DefaultsReader.Read(defaults) : null;
    }
}
