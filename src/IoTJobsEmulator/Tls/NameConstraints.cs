using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace IoTJobsEmulator.Tls;

/// <summary>
/// The names that a CA may sign for, as its name constraints state them: domains with all names below them, and networks. Clients refuse a
/// certificate of the CA that has any other name. Source: RFC 5280, section 4.2.1.10.
/// </summary>
internal sealed class NameConstraints(IEnumerable<string> domains, IEnumerable<IPNetwork> networks)
{
    private const string Id = "2.5.29.30";

    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0), Domain = new(TagClass.ContextSpecific, 2), Network = new(TagClass.ContextSpecific, 7);

    private readonly HashSet<string> _domains = new(domains, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<IPNetwork> _networks = [.. networks];

    /// <summary>What the development CA always may sign for: this machine, private networks, the names of AWS, and the service of docker-compose.yml.</summary>
    public static NameConstraints Standard { get; } = new(
        ["localhost", "host.docker.internal", "iot-jobs", "amazonaws.com", "amazonaws.com.cn", "api.aws"],
        new[] { "127.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10" }.Select(IPNetwork.Parse));

    /// <summary>The same and these host names and IP addresses. What is neither is left out.</summary>
    public NameConstraints With(IEnumerable<string> hosts)
    {
        var more = hosts.ToList();
        return new(
            _domains.Concat(more.Where(IsDomain)),
            _networks.Concat(more.Where(host => IPAddress.TryParse(host, out _)).Select(IPAddress.Parse).Select(address => new IPNetwork(address, Bits(address)))));
    }

    /// <summary>Whether a certificate of the CA may have this host name or IP address.</summary>
    public bool Permit(string host)
    {
        if (IPAddress.TryParse(host, out var address))
            return _networks.Any(network => network.Contains(address));
        if (!IsDomain(host))
            return false;
        for (var domain = host; ; domain = domain[(domain.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (_domains.Contains(domain))
                return true;
            if (!domain.Contains('.', StringComparison.Ordinal))
                return false;
        }
    }

    /// <summary>Whether all is permitted that the others permit.</summary>
    public bool Cover(NameConstraints others) => others._domains.All(Permit) && others._networks.IsSubsetOf(_networks);

    /// <summary>
    /// The extension. RFC 5280 wants it critical; it is not, because Mbed TLS, which many devices use, does not know it and refuses a CA with a
    /// critical extension that it does not know. Clients that know it heed it either way.
    /// </summary>
    public X509Extension Extension()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(Permitted))
        {
            foreach (var domain in _domains.Order(StringComparer.Ordinal))
            {
                using (writer.PushSequence())
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, domain, Domain);
            }
            foreach (var network in _networks.OrderBy(network => network.ToString(), StringComparer.Ordinal))
            {
                using (writer.PushSequence())
                    writer.WriteOctetString([.. network.BaseAddress.GetAddressBytes(), .. Mask(network)], Network);
            }
        }
        return new(Id, writer.Encode(), critical: false);
    }

    /// <summary>The constraints of a certificate; null when it has none, or has others than permitted domains and networks.</summary>
    public static NameConstraints? Of(X509Certificate2 certificate)
    {
        if (certificate.Extensions[Id] is not { } extension)
            return null;
        try
        {
            var permitted = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence().ReadSequence(Permitted);
            var (domains, networks) = (new List<string>(), new List<IPNetwork>());
            while (permitted.HasData)
            {
                var subtree = permitted.ReadSequence();
                if (subtree.PeekTag() == Domain)
                    domains.Add(subtree.ReadCharacterString(UniversalTagNumber.IA5String, Domain));
                else
                    networks.Add(Read(subtree.ReadOctetString(Network)));
            }
            return new(domains, networks);
        }
        catch (Exception unreadable) when (unreadable is AsnContentException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsDomain(string host) => host.All(char.IsAscii) && Uri.CheckHostName(host) == UriHostNameType.Dns;

    private static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    private static byte[] Mask(IPNetwork network)
    {
        var mask = new byte[Bits(network.BaseAddress) / 8];
        for (var bit = 0; bit < network.PrefixLength; bit++)
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return mask;
    }

    private static IPNetwork Read(byte[] addressAndMask)
    {
        var half = addressAndMask.Length / 2;
        return new(new IPAddress(addressAndMask[..half]), addressAndMask[half..].Sum(part => System.Numerics.BitOperations.PopCount(part)));
    }
}
