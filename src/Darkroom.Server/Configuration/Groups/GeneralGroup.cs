using Darkroom.Server.Configuration.Rows;
using Darkroom.Server.Logging;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>Where things stand, and how the process behaves.</summary>
internal static class GeneralGroup
{
    public static readonly SettingGroup Group = new("General");

    private static readonly Setting<string> ModelsPath = Group.Path("ModelsPath", "models", "The models; upscalers stand in `upscalers` below it.");

    private static readonly Setting<string> DataPath = Group.Path(
        "DataPath", "data", "What the server keeps: jobs, pictures, keys, measured costs. One server at a time may use it.");

    private static readonly Setting<string?> DefaultModel = Group.Text(
        "DefaultModel", new TextKind<string?>("id of a model", "must be the id of a model", static text => text, static text => text), null,
        "The model of requests that name none.", "`starter` where it is there, else the first");

    private static readonly Setting<double> DrainTimeout = Group.Number(
        "DrainTimeout", new NumberKind<double>(0, 3600, "seconds"), 30, "What a shutdown leaves running work.");

    private static readonly Setting<LogFormat> Format = Group.Choice(
        "LogFormat", LogFormat.Auto, "What the console gets: `auto` is plain lines for a terminal and JSON else. Levels stand in the section `Serilog`.");

    private static readonly Setting<bool> Playground = Group.Flag("Playground", true, "Whether browsers get a page at `/` to make pictures with.");

    public static DarkroomSettings Read(SettingsReader section) => new()
    {
        ModelsPath = section.Read(ModelsPath),
        DataPath = section.Read(DataPath),
        DefaultModel = section.Read(DefaultModel),
        DrainTimeout = TimeSpan.FromSeconds(section.Read(DrainTimeout)),
        LogFormat = section.Read(Format),
        HasPlayground = section.Read(Playground),
        Engine = new(),
    };
}
