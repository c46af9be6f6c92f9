# usage: lwp.pl URL [TEXT]: prints a stream's lines as they come, or posts TEXT.
use strict;
use warnings;
use JSON::PP;
use LWP::UserAgent;

$| = 1;
my ($url, $text) = @ARGV;
my $agent = LWP::UserAgent->new(timeout => 600);
if (defined $text) {
    utf8::decode($text);
    my $response = $agent->post($url, Content => encode_json({ text => $text }));
    die $response->status_line unless $response->is_success;
    print $response->decoded_content(charset => 'none'), "\n";
    exit;
}
my $response = $agent->get($url, ':content_cb' => sub { print $_[0] });
for my $field ('X-Died', 'Client-Aborted') {
    die "$field: " . $response->header($field) if $response->header($field);
}
die $response->status_line unless $response->is_success;
