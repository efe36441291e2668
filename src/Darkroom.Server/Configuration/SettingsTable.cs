using Darkroom.Server.Configuration.Groups;
using Darkroom.Server.Configuration.Rows;

namespace Darkroom.Server.Configuration;

/// <summary>The settings under <c>Darkroom</c>. Relative paths stand under the home folder.</summary>
internal static class SettingsTable
{
    /// <summary>As the document has them.</summary>
    public static readonly IReadOnlyList<SettingGroup> Groups =
    [
        GeneralGroup.Group, DeviceGroup.Group, CudaGroup.Group, EngineGroup.Group, StoreGroup.Group, S3Group.Group, AccessGroup.Group, WebhooksGroup.Group,
        OpenAiGroup.Group, Automatic1111Group.Group, LimitsGroup.Group,
    ];

    public static readonly IReadOnlyList<Setting> All = [.. Groups.SelectMany(group => group.Rows)];

    /// <exception cref="SettingsException">Something in the settings is wrong; the message says all of it in plain sentences.</exception>
    public static DarkroomSettings Read(IConfiguration configuration, string home)
    {
        var (settings, reader) = Open(configuration, home);
        return reader.Faults.Count == 0 ? settings : throw new SettingsException(reader.Faults);
    }

    /// <returns>The settings, with defaults for those that are wrong, and what was read and what is wrong.</returns>
    public static (DarkroomSettings Settings, SettingsReader Reader) Open(IConfiguration configuration, string home)
    {
        var reader = new SettingsReader(configuration.GetSection(Setting.Section), home);
        var settings = GeneralGroup.Read(reader);
        settings = StoreGroup.Read(reader, settings);
        settings = S3Group.Read(reader, settings);
        settings = AccessGroup.Read(reader, settings);
        settings = WebhooksGroup.Read(reader, settings);
        settings = OpenAiGroup.Read(reader, settings);
        settings = LimitsGroup.Read(reader, settings);
        settings = Automatic1111Group.Read(reader, settings);
        settings = EngineGroup.Read(reader, settings);
        settings = DeviceGroup.Read(reader, settings);
        settings = CudaGroup.Read(reader, settings);
        reader.RefuseUnknown(All);
        return (settings, reader);
    }
}

/// <summary>The settings are wrong.</summary>
internal sealed class SettingsException(string message) : Exception(message)
{
    /// <summary>How the process ends for it: EX_CONFIG of sysexits.h, so that a supervisor knows that another start does not help.</summary>
    public const int ExitCode = 78;

    /// <param name="faults">A sentence each.</param>
    public SettingsException(IEnumerable<string> faults) : this(string.Join(Environment.NewLine, faults))
    {
    }
}
